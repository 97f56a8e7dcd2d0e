/** A limit of the kernel. */
export interface Limit {
  readonly name: string;
  readonly description: string;
  readonly limit: number | bigint;
  /** Bytes, which are written in a readable size unless `-b` is given. */
  readonly size?: true;
  /** How much of it is in use; not for a limit on a single object. */
  readonly used?: number;
}
