const LETTERS = ['B', 'K', 'M', 'G', 'T', 'P', 'E'];

/** Bytes as `--human` shows them: at most one decimal, powers of 1024, `4.9K`. */
export function humanSize(bytes: number | bigint): string {
  const exact = BigInt(bytes);
  let power = 0;
  while (power < LETTERS.length - 1 && exact >> BigInt(10 * (power + 1)) > 0n) power++;
  const unit = 1n << BigInt(10 * power);
  let whole = exact / unit;
  // The original cuts to thousandths first, and rounds those.
  let tenths = (((exact % unit) * 1000n) / unit + 50n) / 100n;
  if (tenths === 10n) {
    whole++;
    tenths = 0n;
  }
  return `${whole}${tenths === 0n ? '' : `.${tenths}`}${LETTERS[power]}`;
}

/** How sizes are shown: `--bytes`, `--human`, or what each place has of old. */
export type Unit = 'default' | 'bytes' | 'human';

/** `max seg size (kbytes) = 4`, `max seg size (bytes) = 4096` or `max seg size = 4K`. */
export function sizeLine(label: string, size: bigint, unit: 'bytes' | 'kbytes' | 'human'): string {
  return unit === 'human' ? `${label} = ${humanSize(size)}\n` : `${label} (${unit}) = ${size}\n`;
}
