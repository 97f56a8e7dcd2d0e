import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.js';

// Inside node_modules, so that deleting the dependencies makes every step due again.
const folder = join(root, 'node_modules', '.cache', 'timeq');

/** A hash of a finished step's inputs: the step is due when the hash differs. */
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

  /** Call this before a step starts, so that an interrupted step runs again. */
  clear() {
    rmSync(this.#path, { force: true });
  }
}

export function hashOf(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}
