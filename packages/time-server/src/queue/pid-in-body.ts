import { endianness } from 'node:os';

/** The largest pid that Linux gives out: PID_MAX_LIMIT of include/linux/threads.h. */
export const MAX_PID = 4_194_304;

/** Decimal text, as it is or as PHP serialises an int (`i:4711;`) or a string (`s:4:"4711";`). */
const TEXT = /^[ \t]*(?:([1-9]\d{0,6})|i:([1-9]\d{0,6});|s:\d+:"([1-9]\d{0,6})";)[ \t\r\n]*$/;

/** A longer text is no number: PHP's `s:7:"4194304";` with some white space. */
const LONGEST_TEXT = 64;

/** How many bytes a native `int` and a native `long` have. */
const INT = 4;
const LONG = 8;

/**
 * The pids that the body of a request may hold, the likeliest first: a native `int` or `long` as C programs send it,
 * alone or at the head of a struct, or decimal text, which a NUL may end as in a C string. Text of four or more digits is
 * never mistaken for an integer: read as one it is larger than any pid. Shorter text in a buffer can be both: 12 and a NUL
 * are also 12849.
 */
export function readPids(body: Uint8Array): readonly number[] {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const isAlone = bytes.length === INT || bytes.length === LONG;
  const native = readNative(bytes);
  if (isAlone && native !== undefined) return [native];
  return [asPid(readText(bytes)), native].filter((pid) => pid !== undefined);
}

function asPid(number: number | undefined): number | undefined {
  return number !== undefined && number >= 1 && number <= MAX_PID ? number : undefined;
}

function readText(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(0);
  const length = end === -1 ? bytes.length : end;
  if (length > LONGEST_TEXT) return undefined;
  const match = TEXT.exec(bytes.toString('latin1', 0, length));
  const digits = match?.[1] ?? match?.[2] ?? match?.[3];
  return digits === undefined ? undefined : Number(digits);
}

/** The `int` at the head, behind which anything may lie, or the `long`. */
function readNative(bytes: Buffer): number | undefined {
  const little = endianness() === 'LE';
  if (bytes.length < INT) return undefined;
  const int = asPid(little ? bytes.readInt32LE() : bytes.readInt32BE());
  if (bytes.length < LONG || int !== undefined) return int;
  return asPid(Number(little ? bytes.readBigInt64LE() : bytes.readBigInt64BE()));
}
