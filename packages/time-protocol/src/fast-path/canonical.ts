/**
 * Reads bytes that have to be exactly so. What the project's own programs write is always in the same form, and to
 * compare bytes with it takes a fraction of what a JSON parser takes; whatever differs is left to the parser.
 */
export class CanonicalReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Whether these bytes come next; then it skips them. */
  pass(expected: Uint8Array): boolean {
    const start = this.#at;
    for (let index = 0; index < expected.length; index++) {
      if (this.#bytes[start + index] !== expected[index]) return false;
    }
    this.#at = start + expected.length;
    return true;
  }

  /** Whether the same bytes come next as this many from a place on; then it skips them. */
  passAgain(from: number, count: number): boolean {
    const start = this.#at;
    if (start + count > this.#bytes.length) return false;
    for (let index = 0; index < count; index++) {
      if (this.#bytes[start + index] !== this.#bytes[from + index]) return false;
    }
    this.#at = start + count;
    return true;
  }

  /** A safe integer as JSON has it, without a sign; -1 if there is none. */
  integer(): number {
    const start = this.#at;
    const value = this.#digits(start + MOST_DIGITS);
    const count = this.#at - start;
    const wrong =
      count === 0 || (count > 1 && this.#bytes[start] === ZERO) || value > Number.MAX_SAFE_INTEGER;
    return wrong ? -1 : value;
  }

  /** A number of this many digits; -1 if there are fewer. */
  fixed(count: number): number {
    const end = this.#at + count;
    const value = this.#digits(end);
    return this.#at === end ? value : -1;
  }

  #digits(end: number): number {
    let value = 0;
    let at = this.#at;
    for (; at < end; at++) {
      const digit = (this.#bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    this.#at = at;
    return value;
  }
}

const ZERO = 0x30;
/** Of 2^53. */
const MOST_DIGITS = 16;

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
