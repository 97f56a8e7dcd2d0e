import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { atEnd } from './cleanup.js';
import { kernelTable, type ObjectKind } from './kernel-table.js';

const idColumns = { msg: 'msqid', sem: 'semid', shm: 'shmid' } as const;
const ipcrmOptions = { msg: '-q', sem: '-s', shm: '-m' } as const;

/** Removes the queue when the test ends, if it still exists. Returns its argument. */
export function trackQueue<Q extends number | { readonly id: number }>(t: TestContext, queue: Q): Q {
  atEnd(t, () => removeId('msg', typeof queue === 'number' ? queue : queue.id));
  return queue;
}

/** Removes the semaphore set when the test ends, if it still exists. Returns its argument. */
export function trackSemaphores<S extends number | { readonly id: number }>(t: TestContext, set: S): S {
  atEnd(t, () => removeId('sem', typeof set === 'number' ? set : set.id));
  return set;
}

/** Removes the shared memory segment when the test ends, if it still exists. Returns its argument. */
export function trackSegment<S extends number | { readonly id: number }>(t: TestContext, segment: S): S {
  atEnd(t, () => removeId('shm', typeof segment === 'number' ? segment : segment.id));
  return segment;
}

/** Removes every object at a key that only this test uses. */
export function removeAllAt(key: number): void {
  // Key 0 is IPC_PRIVATE, which objects of other programs have as well.
  if (key === 0) throw new Error('key 0 names no object');
  for (const kind of ['msg', 'sem', 'shm'] as const) {
    for (const row of kernelTable(kind)) {
      if (row['key'] === key >>> 0) remove(kind, row[idColumns[kind]]);
    }
  }
}

function removeId(kind: ObjectKind, id: number): void {
  if (kernelTable(kind).some((row) => row[idColumns[kind]] === id)) remove(kind, id);
}

function remove(kind: ObjectKind, id: number | undefined): void {
  // Not with the binding's remove(), which is under test.
  spawnSync('ipcrm', [ipcrmOptions[kind], String(id)], { stdio: 'ignore' });
}
