import type { InspectOptionsStylized } from 'node:util';
import type { Key } from './key.js';

export type { InspectOptionsStylized };
export type Inspect = (value: unknown, options?: InspectOptionsStylized) => string;

/** The name of the method that returns what console.log shows. */
export const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A key in the form in which people write it. */
class ShownKey {
  readonly #key: Key;

  constructor(key: Key) {
    this.#key = key;
  }

  [INSPECT](_depth: number, options: InspectOptionsStylized): string {
    return options.stylize(this.#key === 0 ? 'IPC_PRIVATE' : `0x${this.#key.toString(16)}`, 'number');
  }
}

/** A handle's class, its object, and more about it: `MessageQueue { id: 5, key: 0x80, receives: 1, sends: 0 }`. */
export function shown(
  handle: { readonly id: number; readonly key: Key | undefined },
  more: Readonly<Record<string, unknown>>,
  options: InspectOptionsStylized,
  inspect: Inspect,
): string {
  const key = handle.key === undefined ? undefined : new ShownKey(handle.key);
  // Everything is numbers and words: a depth of 0 would hide nothing but the key.
  return `${handle.constructor.name} ${inspect({ id: handle.id, key, ...more }, { ...options, depth: 1 })}`;
}
