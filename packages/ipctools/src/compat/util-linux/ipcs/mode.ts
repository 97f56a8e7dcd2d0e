/** Flags that Linux keeps in the mode of a segment beside its permissions (sys/shm.h). */
export const SHM_DEST = 0o1000;
export const SHM_LOCKED = 0o2000;

/** As C's `%#o`: octal with a leading zero, but a single one for 0. */
export function octal(mode: number): string {
  return mode === 0 ? '0' : `0${mode.toString(8)}`;
}
