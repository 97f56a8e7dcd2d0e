import { isUtf8 } from 'node:buffer';
import { endianness } from 'node:os';
import { invalid } from '../failure.js';
import { exactNumber } from '../format/json.js';

/** One item of a layout: `4s` is one of four bytes, `4h` four of two bytes. */
interface Field {
  readonly letter: string;
  readonly at: number;
  readonly bytes: number;
}

/** A layout as Python's struct module has it, for bodies that C programs make of a struct. */
export interface StructLayout {
  readonly text: string;
  readonly bytes: number;
  readonly littleEndian: boolean;
  readonly fields: readonly Field[];
}

const HOST_IS_LITTLE = endianness() === 'LE';
/** Bytes of a C `long` and of a pointer here. */
const WORD = /^(?:arm|ia32|mips|mipsel)$/.test(process.arch) ? 4 : 8;

const STANDARD: Readonly<Record<string, number>> = {
  ...{ x: 1, c: 1, b: 1, B: 1, '?': 1, s: 1, p: 1 },
  ...{ h: 2, H: 2, e: 2, i: 4, I: 4, l: 4, L: 4, f: 4, q: 8, Q: 8, d: 8 },
};
const NATIVE: Readonly<Record<string, number>> = { ...STANDARD, l: WORD, L: WORD, n: WORD, N: WORD, P: WORD };

/**
 * Reads a layout such as `<IhhL` or `16sq`: an optional byte order (`@` native with alignment, `=` native without, `<`, `>`, `!`),
 * then letters with counts. @throws Failure (INVALID)
 */
export function parseLayout(text: string): StructLayout {
  const [, order = '@', items = ''] = /^([@=<>!]?)(.*)$/s.exec(text) ?? [];
  const isNative = order === '@' || order === '';
  const sizes = isNative ? NATIVE : STANDARD;
  const fields: Field[] = [];
  let at = 0;
  for (const [word, digits = '', letter = ''] of items.matchAll(/(\d*)(\S)|\s+/g)) {
    if (letter === '') continue;
    const size = Object.hasOwn(sizes, letter) ? sizes[letter] : undefined;
    if (size === undefined)
      throw invalid(
        `'${word}' in the layout '${text}' is none of ${Object.keys(sizes).join('')} with a count`,
      );
    const count = digits === '' ? 1 : Number(digits);
    if (isNative) at = Math.ceil(at / size) * size;
    const end = at + count * size;
    if (end > MOST_BYTES) throw invalid(`the layout '${text}' is longer than any message can be`);
    if (letter === 's' || letter === 'p') fields.push({ letter, at, bytes: count });
    else if (letter !== 'x') for (; at < end; at += size) fields.push({ letter, at, bytes: size });
    at = end;
  }
  const littleEndian = isNative || order === '=' ? HOST_IS_LITTLE : order === '<';
  return { text, bytes: at, littleEndian, fields };
}

/** Far more than a message has (msgmax). */
const MOST_BYTES = 2 ** 24;

/** The values of a body, for JSON; a body of another length is told apart, with all its bytes. */
export function readStruct({ text, bytes, littleEndian, fields }: StructLayout, body: Buffer): unknown {
  if (body.length !== bytes)
    return { error: `${body.length} bytes, and struct:${text} has ${bytes}`, hex: body.toString('hex') };
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return fields.map((field) => readField(field, view, littleEndian, body));
}

function readField({ letter, at, bytes }: Field, view: DataView, little: boolean, body: Buffer): unknown {
  if (letter === '?') return view.getUint8(at) !== 0;
  if (letter === 'e') return jsonFloat(readHalf(view.getUint16(at, little)));
  if (letter === 'f') return jsonFloat(view.getFloat32(at, little));
  if (letter === 'd') return jsonFloat(view.getFloat64(at, little));
  if (letter === 'c' || letter === 's') return jsonBytes(body.subarray(at, at + bytes));
  if (letter === 'p') {
    const length = bytes === 0 ? 0 : Math.min(view.getUint8(at), bytes - 1);
    return jsonBytes(body.subarray(at + 1, at + 1 + length));
  }
  const isSigned = letter !== 'P' && letter === letter.toLowerCase();
  const digits = body.subarray(at, at + bytes);
  const value = BigInt(`0x${(little ? Buffer.from(digits.toReversed()) : digits).toString('hex')}`);
  return exactNumber(isSigned ? BigInt.asIntN(8 * bytes, value) : value);
}

/** IEEE 754 binary16. */
function readHalf(bits: number): number {
  const sign = bits & 0x80_00 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3_ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** JSON has neither infinities nor NaN, and JSON.stringify has no negative zero. */
export function jsonFloat(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

/** Text if it is UTF-8, otherwise base64, as in a message. */
export function jsonBytes(bytes: Buffer): unknown {
  return isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') };
}
