import { exactNumber, type JsonObject } from '../format/json.js';
import { jsonBytes, jsonFloat } from './struct-layout.js';

/** Deeper than values of programs are: the stack has an end. */
const DEEPEST = 1000;

class NoPhp extends Error {}

/** Reads what serialize() of PHP writes, byte by byte: lengths are in bytes. */
class Reader {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#body.length;
  }

  value(depth = 0): unknown {
    if (depth > DEEPEST) throw new NoPhp();
    const kind = this.#until(/[:;]/);
    if (kind === 'N') return null;
    if (kind === 'b') return this.#number(/^[01]$/, ';') === '1';
    if (kind === 'i') return exactNumber(BigInt(this.#number(/^[-+]?\d+$/, ';')));
    if (kind === 'd') return float(this.#number(/^(?:NAN|-?INF|[-+]?[\d.]+(?:E[-+]?\d+)?)$/i, ';'));
    if (kind === 's') return jsonBytes(this.#bytes(';'));
    if (kind === 'a') return this.#array(depth);
    if (kind === 'O') return { class: jsonBytes(this.#bytes(':')), properties: this.#properties(depth) };
    if (kind === 'E') return { enum: jsonBytes(this.#bytes(';')) };
    if (kind === 'R' || kind === 'r') return { reference: Number(this.#number(/^\d+$/, ';')) };
    throw new NoPhp();
  }

  #array(depth: number): unknown {
    const entries = this.#entries(depth);
    if (entries.every(([key], index) => key === index)) return entries.map(([, value]) => value);
    return Object.fromEntries(entries);
  }

  /** Private and protected names have their class, or a star, between two zero bytes in front. */
  #properties(depth: number): JsonObject {
    return Object.fromEntries(
      this.#entries(depth).map(([key, value]) => [String(key).replace(/^\0[^\0]*\0/, ''), value]),
    );
  }

  #entries(depth: number): [string | number, unknown][] {
    const count = Number(this.#number(/^\d+$/, ':'));
    this.#expect('{');
    const entries: [string | number, unknown][] = [];
    for (let index = 0; index < count; index += 1) {
      const key = this.value(depth + 1);
      const name = typeof key === 'object' ? JSON.stringify(key) : key;
      if (typeof name !== 'string' && typeof name !== 'number') throw new NoPhp();
      entries.push([name, this.value(depth + 1)]);
    }
    this.#expect('}');
    return entries;
  }

  /** `5:"hello"`, and what follows. */
  #bytes(end: string): Buffer {
    const length = Number(this.#number(/^\d+$/, ':'));
    this.#expect('"');
    const bytes = this.#body.subarray(this.#at, this.#at + length);
    this.#at += length;
    this.#expect(`"${end}`);
    return bytes;
  }

  #number(pattern: RegExp, end: string): string {
    const text = this.#until(/[:;]/);
    if (!pattern.test(text) || this.#body[this.#at - 1] !== end.charCodeAt(0)) throw new NoPhp();
    return text;
  }

  /** The text up to one of the marks, which is passed; no number is this long. */
  #until(marks: RegExp): string {
    const text = this.#body.toString('latin1', this.#at, this.#at + 400);
    const length = text.search(marks);
    if (length < 0) throw new NoPhp();
    this.#at += length + 1;
    return text.slice(0, length);
  }

  #expect(text: string): void {
    if (this.#body.toString('latin1', this.#at, this.#at + text.length) !== text) throw new NoPhp();
    this.#at += text.length;
  }
}

function float(text: string): number | string {
  const word = text.toUpperCase();
  if (word === 'NAN') return 'NaN';
  return word.endsWith('INF') ? word.replace('INF', 'Infinity') : jsonFloat(Number(text));
}

/** The value that PHP's serialize() has written, in an array of its own; undefined if the body is none. */
export function readPhp(body: Buffer): readonly [unknown] | undefined {
  const reader = new Reader(body);
  try {
    const value = reader.value();
    return reader.isAtEnd ? [value] : undefined;
  } catch (error) {
    if (error instanceof NoPhp) return undefined;
    throw error;
  }
}
