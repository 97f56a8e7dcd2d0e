import { ADDRESSED_HEAD, requestText, type AddressedRequest } from '../codec/request.js';
import { FIRST_ADDRESSED_TYPE } from '../message-type.js';
import { ascii, CanonicalReader } from './canonical.js';
import { NumberedBytes } from './numbered-bytes.js';

const FIRST_ADDRESSED = Number(FIRST_ADDRESSED_TYPE);
const HEAD = ascii(ADDRESSED_HEAD);
const REPLY_TO = ascii(',"replyTo":');
const END = ascii('}');

/**
 * Reads a request for the time as `requestText` writes it, with numbers for id and type; undefined for any other body.
 */
export function readTimeRequest(body: Uint8Array): AddressedRequest | undefined {
  const reader = new CanonicalReader(body);
  if (!reader.pass(HEAD)) return undefined;
  const id = reader.integer();
  if (id < 0 || !reader.pass(REPLY_TO)) return undefined;
  const replyTo = reader.integer();
  if (replyTo < FIRST_ADDRESSED || !reader.pass(END) || !reader.atEnd) return undefined;
  return { kind: 'addressed', id, replyTo, ask: 'time' };
}

/** Writes one client's requests for the time into memory of its own, which the next one is written into again. */
export class TimeRequestWriter {
  readonly #request: NumberedBytes;

  /**
   * @param replyTo where the client is answered
   * @throws {RangeError} as `requestText`
   */
  constructor(replyTo: number) {
    const tail = requestText({ id: 0, replyTo }).slice(ADDRESSED_HEAD.length + 1);
    this.#request = new NumberedBytes(HEAD, ascii(tail));
  }

  /**
   * The body of a request, as `requestText` has it; undefined if that has to write it.
   * @returns bytes that are valid until the next call
   */
  write(id: number): Uint8Array | undefined {
    return this.#request.write(id);
  }
}
