const UNITS = ['K', 'M', 'G', 'T', 'P', 'E'];

/** `1 byte`, `27 bytes`, `16.0K bytes`. */
export function formatSize(bytes: number): string {
  return `${formatBytes(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

/** Bytes for people: exact below 10,000, then `16.0K`, `2.5M` in powers of 1024. */
export function formatBytes(bytes: number | bigint): string {
  if (bytes < 10_000) return String(bytes);
  let amount = Number(bytes) / 1024;
  let unit = 0;
  while (amount >= 1023.95 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${amount.toFixed(1)}${UNITS[unit]}`;
}
