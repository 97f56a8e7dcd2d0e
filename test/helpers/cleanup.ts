import type { TestContext } from 'node:test';

type CleanUp = () => void | Promise<void>;

const pending = new WeakMap<TestContext, CleanUp[]>();

/**
 * Runs `cleanUp` when the test ends, whether it passed or not. Cleanups run in reverse order,
 * so a process ends before its queue is removed and cannot create the queue again.
 */
export function atEnd(t: TestContext, cleanUp: CleanUp): void {
  const known = pending.get(t);
  if (known !== undefined) {
    known.push(cleanUp);
    return;
  }
  const cleanUps = [cleanUp];
  pending.set(t, cleanUps);
  t.after(async () => {
    const failures: unknown[] = [];
    for (let next = cleanUps.pop(); next !== undefined; next = cleanUps.pop()) {
      try {
        await next();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'the test did not clean up after itself');
  });
}
