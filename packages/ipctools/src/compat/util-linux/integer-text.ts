/** How many digits the text is written in; 0: as C writes it, `0x1f`, `017` or `15`. */
type Base = 0 | 8 | 10;

export const INT32_MIN = -(2n ** 31n);
export const INT32_MAX = 2n ** 31n - 1n;
export const UINT32_MAX = 2n ** 32n - 1n;
export const UINT64_MAX = 2n ** 64n - 1n;

const PATTERN: Readonly<Record<Base, RegExp>> = {
  0: /^[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/,
  8: /^[ \t\n\v\f\r]*([+-]?)([0-7]+)/,
  10: /^[ \t\n\v\f\r]*([+-]?)([0-9]+)/,
};

/** The integer that a text begins with, as strtol(3) finds it but of any size, and what follows it. */
export function integerPrefix(text: string, base: Base): { value: bigint; rest: string } | undefined {
  const match = PATTERN[base].exec(text);
  if (match === null) return undefined;
  const digits = match[2] ?? '';
  const octal = base === 8 || (base === 0 && /^0[0-7]/.test(digits));
  const magnitude = BigInt(octal ? `0o${digits}` : digits);
  return { value: match[1] === '-' ? -magnitude : magnitude, rest: text.slice(match[0].length) };
}

/** The integer that the whole text is, or undefined where it is none. */
export function integerText(text: string, base: Base): bigint | undefined {
  const prefix = integerPrefix(text, base);
  return prefix?.rest === '' ? prefix.value : undefined;
}
