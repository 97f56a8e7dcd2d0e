/** An offset from UTC as `+0530`, or `+05:30` with `:` for `separator`. Seconds east in; whole minutes out. */
export function offsetText(offsetSeconds: number, separator: '' | ':'): string {
  const minutes = Math.trunc(Math.abs(offsetSeconds) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offsetSeconds < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}${separator}${two(minutes % 60)}`;
}
