import { endianness } from 'node:os';

/** The largest pid that Linux gives out: PID_MAX_LIMIT of include/linux/threads.h. */
export const MAX_PID = 4_194_304;

/** Decimal text, as it is or as PHP serialises an int (`i:4711;`) or a string (`s:4:"4711";`). */
const TEXT = /^[ \t]*(?:([1-9]\d{0,6})|i:([1-9]\d{0,6});|s:\d+:"([1-9]\d{0,6})";)[ \t\r\n]*$/;

/** A longer body is no number: PHP's `s:7:"4194304";` with some white space. */
const LONGEST_BODY = 64;

/**
 * The pid in the body of a request: a native `int` or `long` as C programs send it, or decimal text, which a NUL may
 * end as in a C string. Text of four or more digits is never mistaken for an integer: read as one it is larger than any
 * pid.
 */
export function readPid(body: Uint8Array): number | undefined {
  if (body.length === 0 || body.length > LONGEST_BODY) return undefined;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return readNative(bytes) ?? asPid(readText(bytes));
}

function asPid(number: number | undefined): number | undefined {
  return number !== undefined && number >= 1 && number <= MAX_PID ? number : undefined;
}

function readText(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(0);
  const text = bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
  const match = TEXT.exec(text);
  const digits = match?.[1] ?? match?.[2] ?? match?.[3];
  return digits === undefined ? undefined : Number(digits);
}

/** Eight bytes may also be an `int` and what lay behind it: C programs send `sizeof(pid)` of a pointer. */
function readNative(bytes: Buffer): number | undefined {
  const little = endianness() === 'LE';
  if (bytes.length !== 4 && bytes.length !== 8) return undefined;
  const int = asPid(little ? bytes.readInt32LE() : bytes.readInt32BE());
  if (bytes.length === 4 || int !== undefined) return int;
  return asPid(Number(little ? bytes.readBigInt64LE() : bytes.readBigInt64BE()));
}
