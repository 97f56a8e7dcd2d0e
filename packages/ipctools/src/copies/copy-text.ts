import { createHash, type Hash } from 'node:crypto';
import type { Owners } from '../owners.js';
import { CHECKSUM, checksumLine, headerLine, sectionLines } from './format.js';
import type { QueueCopy } from './queue-copy.js';

/** Makes the text of a backup file, piece by piece, and its checksum. */
export class CopyText {
  readonly #owners: Owners;
  #hash: Hash = createHash(CHECKSUM);
  #queues = 0;
  #messages = 0;

  constructor(owners: Owners) {
    this.#owners = owners;
  }

  *header(created: Date): Generator<string> {
    yield this.#hashed(`${JSON.stringify(headerLine(created))}\n`);
  }

  *section(copy: QueueCopy): Generator<string> {
    for (const line of sectionLines(copy, this.#owners)) yield this.#hashed(line);
    this.#queues += 1;
    this.#messages += copy.messages.length;
  }

  *end(): Generator<string> {
    yield checksumLine(this.#queues, this.#messages, this.#hash.copy().digest('hex'));
  }

  /** What it was, to go back to if the next section can't be written. */
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
