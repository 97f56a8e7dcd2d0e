/** As C's `%#o`: octal with a leading zero, but a single one for 0. */
export function octal(mode: number): string {
  return mode === 0 ? '0' : `0${mode.toString(8)}`;
}
