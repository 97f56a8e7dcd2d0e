const MOST_DIGITS = 15;
const LARGEST_ID = 10 ** MOST_DIGITS - 1;
const ZERO = 0x30;

/** Bytes with a decimal id in their middle, which is written anew each time while the rest stays as it is. */
export class NumberedBytes {
  readonly bytes: Uint8Array;
  /** The start of the tail, after the last digit of the id. */
  readonly tailAt: number;
  readonly #head: Uint8Array;
  /** The bytes for an id of this many digits. */
  readonly #views: readonly Uint8Array[];
  /** How many digits the id had for which the head was last written. */
  #digits = 0;

  constructor(head: Uint8Array, tail: Uint8Array) {
    this.#head = head;
    this.tailAt = head.length + MOST_DIGITS;
    this.bytes = new Uint8Array(this.tailAt + tail.length);
    this.bytes.set(tail, this.tailAt);
    this.#views = Array.from({ length: MOST_DIGITS + 1 }, (_, digits) =>
      this.bytes.subarray(MOST_DIGITS - digits),
    );
  }

  /** @returns head, id and tail, valid until the next call; undefined if the id is no integer of up to 15 digits */
  write(id: unknown): Uint8Array | undefined {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > LARGEST_ID) return undefined;
    let at = this.tailAt;
    let rest = id;
    do {
      const tenth = Math.floor(rest / 10);
      this.bytes[--at] = ZERO + rest - tenth * 10;
      rest = tenth;
    } while (rest > 0);
    const digits = this.tailAt - at;
    if (digits !== this.#digits) {
      this.bytes.set(this.#head, at - this.#head.length);
      this.#digits = digits;
    }
    return this.#views[digits];
  }
}
