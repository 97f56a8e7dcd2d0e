import { closeSync, fstatSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { codeOf } from '../failure.js';

const NEWLINE = 10;

/** Resolves when the stream may have something to read, has ended, or the signal is aborted. Rejects with its error. */
function changeOf(stream: Readable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const events = ['readable', 'end', 'close'] as const;
    const finish = (settle: () => void): void => {
      for (const event of events) stream.off(event, done);
      stream.off('error', failed);
      signal.removeEventListener('abort', done);
      settle();
    };
    const done = (): void => finish(resolve);
    const failed = (error: Error): void => finish(() => reject(error));
    for (const event of events) stream.on(event, done);
    stream.on('error', failed);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** Whether standard input is a pipe or a socket: its data exists nowhere else. */
export function isInputPiped(): boolean {
  const stat = fstatSync(0);
  return stat.isFIFO() || stat.isSocket();
}

/** The descriptor of standard input, if that is the stream and it is a pipe. */
function pipeOf(stream: Readable): 0 | undefined {
  return stream === process.stdin && !stream.destroyed && isInputPiped() ? 0 : undefined;
}

/** Data that can be read without waiting; undefined if there is none. Node.js has made the pipe non-blocking. */
function readNow(fd: number): Buffer | undefined {
  const chunk = Buffer.alloc(64 * 1024);
  try {
    const size = readSync(fd, chunk);
    return size === 0 ? undefined : chunk.subarray(0, size);
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return undefined;
    throw error;
  }
}

/**
 * The lines of a stream as bytes, without their newlines; a remainder after the last newline is a line if it isn't
 * empty. Unlike node:readline it knows which data was read and not used yet, so nothing is lost when its caller stops.
 */
export class LineReader {
  readonly #stream: Readable;
  /** Unused data, in pieces that are not empty: a long line is joined once, and not with each piece again. */
  #unused: Buffer[] = [];
  /** How many of these are known to have no newline. */
  #searched = 0;

  constructor(stream: Readable) {
    this.#stream = stream;
  }

  /** Line by line, to the end of the stream, or until the signal is aborted. @throws the stream's error */
  async *lines(signal: AbortSignal): AsyncGenerator<Buffer> {
    while (!signal.aborted) {
      const line = this.#takeLine();
      if (line !== undefined) yield line;
      else if (!this.#readChunk()) {
        if (this.#ended) break;
        await changeOf(this.#stream, signal);
      }
    }
    if (!signal.aborted && this.#unused.length > 0) yield this.#takeAll();
  }

  /** The complete lines that have been read and not used. */
  *takeLines(): Generator<Buffer> {
    for (let line = this.#takeLine(); line !== undefined; line = this.#takeLine()) yield line;
  }

  /** The data after the last newline; empty if there is none. */
  takeRest(): Buffer[] {
    const rest = this.#takeAll();
    return rest.length === 0 ? [] : [rest];
  }

  /**
   * Reads the data that is there now, and no more. It then closes a pipe at once, so that its writer learns of it with
   * its next write: a write in the microseconds between the last read and the close is lost.
   */
  close(): void {
    while (this.#readChunk());
    const fd = pipeOf(this.#stream);
    this.#stream.destroy();
    if (fd === undefined) return;
    for (let chunk = readNow(fd); chunk !== undefined; chunk = readNow(fd)) this.#append(chunk);
    // Node.js leaves descriptors 0 to 2 open until the process ends.
    closeSync(fd);
  }

  get #ended(): boolean {
    return this.#stream.readableEnded || this.#stream.destroyed;
  }

  #readChunk(): boolean {
    const chunk = this.#stream.read() as Buffer | null;
    if (chunk === null) return false;
    this.#append(chunk);
    return true;
  }

  #append(chunk: Buffer): void {
    this.#unused.push(chunk);
  }

  #takeLine(): Buffer | undefined {
    for (; this.#searched < this.#unused.length; this.#searched += 1) {
      const last = this.#unused[this.#searched] as Buffer;
      const end = last.indexOf(NEWLINE);
      if (end < 0) continue;
      const pieces = this.#unused.splice(0, this.#searched + 1);
      if (end + 1 < last.length) this.#unused.unshift(last.subarray(end + 1));
      pieces[this.#searched] = last.subarray(0, end);
      this.#searched = 0;
      return joined(pieces);
    }
    return undefined;
  }

  #takeAll(): Buffer {
    const all = joined(this.#unused);
    this.#unused = [];
    this.#searched = 0;
    return all;
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}
