import { createHash, type Hash } from 'node:crypto';
import type { Owners } from '../model/owners.js';
import { CHECKSUM, checksumLine, headerLine, sectionLines } from './format.js';
import type { QueueCopy } from './queue-copy.js';

/** Makes the text of a backup file, piece by piece, and its checksum. */
export class CopyText {
  readonly #owners: Owners;
  readonly #stringify: (value: unknown) => string;
  #hash: Hash = createHash(CHECKSUM);
  #queues = 0;
  #messages = 0;

  /** @param stringify writes a line's JSON, for text that has to be safe on a terminal */
  constructor(owners: Owners, stringify: (value: unknown) => string = JSON.stringify) {
    this.#owners = owners;
    this.#stringify = stringify;
  }

  *header(created: Date): Generator<string> {
    yield this.#hashed(`${this.#stringify(headerLine(created))}\n`);
  }

  *section(copy: QueueCopy): Generator<string> {
    for (const line of sectionLines(copy, this.#owners)) yield this.#hashed(`${this.#stringify(line)}\n`);
    this.#queues += 1;
    this.#messages += copy.messages.length;
  }

  *end(): Generator<string> {
    yield checksumLine(this.#queues, this.#messages, this.#hash.copy().digest('hex'));
  }

  /** The previous state, to return to if the next section can't be written. */
  mark(): () => void {
    const [hash, queues, messages] = [this.#hash.copy(), this.#queues, this.#messages];
    return () => {
      this.#hash = hash.copy();
      this.#queues = queues;
      this.#messages = messages;
    };
  }

  #hashed(line: string): string {
    this.#hash.update(line);
    return line;
  }
}
