import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Channel } from './channel.js';

/** Messages of one size over byte streams: a pipe, a FIFO, a socket. */
export function streamChannel(input: Readable, output: Writable, bytes: number): Channel {
  let full = false;
  let rest: Buffer = Buffer.alloc(0);
  return {
    send(message) {
      // Streams keep a reference to the buffer, so each message needs its own.
      full = !output.write(Buffer.from(message));
    },
    ready() {
      return full ? once(output, 'drain').then(() => undefined) : undefined;
    },
    onMessage(listener) {
      input.on('data', (chunk: Buffer) => {
        let data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
        for (; data.length >= bytes; data = data.subarray(bytes)) listener(data.subarray(0, bytes));
        rest = data;
      });
    },
    close() {
      output.end();
      input.destroy();
    },
  };
}
