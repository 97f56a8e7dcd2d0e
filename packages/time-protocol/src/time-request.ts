import { ascii } from './canonical.js';
import { NumberedBytes } from './numbered-bytes.js';
import { PROTOCOL_VERSION } from './request.js';

const HEAD = ascii(`{"timeq":${PROTOCOL_VERSION},"id":`);

/** Writes one client's requests for the time into memory of its own, which the next one is written into again. */
export class TimeRequestWriter {
  readonly #request: NumberedBytes;

  /** @param replyTo where the client is answered: an addressed type that is a safe integer */
  constructor(replyTo: number) {
    this.#request = new NumberedBytes(HEAD, ascii(`,"replyTo":${replyTo}}`));
  }

  /**
   * The body of a request, as `requestText` has it; undefined if that has to write it.
   * @returns bytes that are valid until the next call
   */
  write(id: number): Uint8Array | undefined {
    return this.#request.write(id);
  }
}
