/** Owner, group and mode of an object. Properties that are left out stay as they are. */
export interface OwnershipOptions {
  /** Permission bits, 0 to 0o777. */
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
}
