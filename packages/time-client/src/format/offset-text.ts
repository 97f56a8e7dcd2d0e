/**
 * An offset from UTC as `+0530`, with one colon as `+05:30`, with two as `+05:30:00`. Takes seconds east; parts that
 * are not written are cut off.
 */
export function offsetText(offsetSeconds: number, colons: 0 | 1 | 2): string {
  const size = Math.abs(offsetSeconds);
  const two = (value: number): string => String(Math.trunc(value)).padStart(2, '0');
  const parts = [two(size / 3600), two((size / 60) % 60), ...(colons === 2 ? [two(size % 60)] : [])];
  return `${offsetSeconds < 0 ? '-' : '+'}${parts.join(colons === 0 ? '' : ':')}`;
}
