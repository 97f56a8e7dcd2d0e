import { formatKey, type Key } from '@timeq/mq-native';

/** Headers of a message from a queue. */
export const TYPE_HEADER = 'Sysv-Type';
const KEY_HEADER = 'Sysv-Key';
const HOST_HEADER = 'Sysv-Host';
/** When it was taken, in nanoseconds since the epoch. */
const TIME_HEADER = 'Sysv-Time';
/** The id by which a stream detects duplicates. */
export const ID_HEADER = 'Nats-Msg-Id';

/** The method with which the client library encodes headers. */
export interface EncodedHeaders {
  encode(): Uint8Array;
}

/**
 * The headers of a bridge's messages, as bytes: the library's own map of them costs more than the message, and writes what
 * stands here.
 */
export class OutwardHeaders {
  readonly #expected: string;
  readonly #fixed: string;

  constructor({ stream, host, key }: { readonly stream: string; readonly host: string; readonly key: Key }) {
    this.#expected = `NATS/1.0\r\nNats-Expected-Stream: ${stream}\r\n`;
    this.#fixed = `${KEY_HEADER}: ${formatKey(key)}\r\n${HOST_HEADER}: ${host.replace(/[^ -~]/g, '_')}\r\n`;
  }

  /** For the stream itself: another stream that took over the subject refuses the message. */
  of(id: string, type: bigint, time: bigint): EncodedHeaders {
    return this.#encoded(this.#expected, id, type, time);
  }

  /** For a subject of another stream. */
  toOther(id: string, type: bigint, time: bigint): EncodedHeaders {
    return this.#encoded('NATS/1.0\r\n', id, type, time);
  }

  #encoded(first: string, id: string, type: bigint, time: bigint): EncodedHeaders {
    const text = `${first}${this.#fixed}${ID_HEADER}: ${id}\r\n${TYPE_HEADER}: ${type}\r\n${TIME_HEADER}: ${time}\r\n\r\n`;
    return { encode: () => Buffer.from(text, 'latin1') };
  }
}
