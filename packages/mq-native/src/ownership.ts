/** Who an object belongs to and who may use it. What is left out stays as it is. */
export interface OwnershipOptions {
  /** Permission bits, 0 to 0o777. */
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}
