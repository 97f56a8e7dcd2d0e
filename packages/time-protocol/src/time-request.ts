import { ascii } from './canonical.js';
import { NumberedBytes } from './numbered-bytes.js';
import { ADDRESSED_HEAD, requestText } from './request.js';

/** Writes one client's requests for the time into memory of its own, which the next one is written into again. */
export class TimeRequestWriter {
  readonly #request: NumberedBytes;

  /**
   * @param replyTo where the client is answered
   * @throws {RangeError} as `requestText`
   */
  constructor(replyTo: number) {
    const tail = requestText({ id: 0, replyTo }).slice(ADDRESSED_HEAD.length + 1);
    this.#request = new NumberedBytes(ADDRESSED_HEAD, ascii(tail));
  }

  /**
   * The body of a request, as `requestText` has it; undefined if that has to write it.
   * @returns bytes that are valid until the next call
   */
  write(id: number): Uint8Array | undefined {
    return this.#request.write(id);
  }
}
