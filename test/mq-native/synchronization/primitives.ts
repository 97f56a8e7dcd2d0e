import type { TestContext } from 'node:test';
import { SemaphoreSet, type Condition } from '@timeq/mq-native';
import { atEnd } from '../../helpers/cleanup.js';
import { hangMilliseconds, until } from '../../helpers/deadline.js';
import { startSnippet } from '../../helpers/node.js';
import type { RunningProcess } from '../../helpers/process.js';
import { trackSemaphores } from '../../helpers/tracking.js';

/** For a wait that is over at once, so that a hang is an error. */
export const soon = { timeout: hangMilliseconds };

/** A primitive that is closed and removed when the test is over. */
export function tracked<P extends { readonly id: number; close(): void }>(t: TestContext, primitive: P): P {
  atEnd(t, () => {
    primitive.close();
  });
  return trackSemaphores(t, primitive);
}

/** The semaphores below a primitive. */
export function semaphores(primitive: { readonly id: number }): SemaphoreSet {
  return SemaphoreSet.fromId(primitive.id);
}

/** The numbers of a condition's semaphores, as condition-set.ts has them: the lock's two, those who wait, notifications. */
export const [held, unreleased, waiting, tokens] = [0, 1, 2, 3];

export async function untilWaiting(condition: Condition, count: number): Promise<void> {
  const set = semaphores(condition);
  await until(
    () => set.waitingForIncrease(tokens) === count && set.value(held) === 0,
    `${count} waits for the condition`,
  );
}

/**
 * Starts a process that has the binding as `mq`, the id of a primitive as `id`, and `line()`, which resolves with the next
 * line that it is sent. It does not end by itself.
 */
export function startUser(
  t: TestContext,
  primitive: { readonly id: number },
  source: string,
  ...more: (string | number)[]
): RunningProcess {
  const head = `import * as mq from '@timeq/mq-native';
    import { createInterface } from 'node:readline';
    const id = Number(process.argv[1]);
    const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const line = async () => (await lines.next()).value;
    setInterval(() => undefined, 1000);`;
  return startSnippet(t, `${head}\n${source}`, [primitive.id, ...more]);
}
