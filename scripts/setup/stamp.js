import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';

// Inside node_modules, so that whatever deletes the dependencies makes every step due again.
const folder = join(root, 'node_modules', '.cache', 'timeq');

/** What a finished step worked from, as one hash: the step is due when the hash differs now. */
export class Stamp {
  #path;

  constructor(name) {
    this.#path = join(folder, name);
  }

  /** The hash that was written last; undefined when the step never finished. */
  read() {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch {
      return undefined;
    }
  }

  write(hash) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(this.#path, hash);
  }

  /** To be called before a step starts, so that one cut short is done again. */
  clear() {
    rmSync(this.#path, { force: true });
  }
}

export function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}
