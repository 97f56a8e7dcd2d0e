import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import { atEnd } from './cleanup.js';
import { kernelTable } from './kernel-table.js';
import { removeAllAt } from './tracking.js';

/**
 * A random unused key from 2^16 to 2^31 - 1, a range that every language accepts. When the test ends, any queue, semaphore
 * set or segment with this key is removed by its id.
 */
export function freshKey(t: TestContext): number {
  for (;;) {
    const key = randomInt(2 ** 16, 2 ** 31);
    const used = (['msg', 'sem', 'shm'] as const).some((kind) =>
      kernelTable(kind).some((row) => row['key'] === key),
    );
    if (used) continue;
    atEnd(t, () => removeAllAt(key));
    return key;
  }
}

/** A message type for addressed replies or for tests that share a queue: random, from 2^32 to 2^48 - 1. */
export function freshType(): number {
  return randomInt(2 ** 32, 2 ** 48);
}
