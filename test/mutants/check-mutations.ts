import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutate, type Task } from './mutation.js';
import type { Outcome } from './outcome.js';
import { ScratchCheckout } from './scratch-checkout.js';
import { runTests } from './test-run.js';

/** How long the tests of one mutation may take, in seconds. Longer is a hang. */
const DEADLINE_SECONDS = 120;
/** How long all of them may take when there is no mistake. */
const FIRST_DEADLINE_SECONDS = 900;

/** The tests can't be used to look for mistakes, or the list of mutations is out of date. */
export class NoStart extends Error {}

/** The places that are not there, a sentence each. */
export function missingPlaces(root: string, tasks: readonly Task[]): string[] {
  return tasks.flatMap((task) => {
    try {
      mutate(readFileSync(join(root, task.file), 'utf8'), task);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

/**
 * Makes one mistake after the other in a copy of the checkout, and runs the tests that should notice.
 * @throws NoStart
 */
export async function* checkMutations(
  root: string,
  tasks: readonly Task[],
  deadlineSeconds = DEADLINE_SECONDS,
): AsyncGenerator<Outcome> {
  const missing = missingPlaces(root, tasks);
  if (missing.length > 0) throw new NoStart(missing.join('\n'));
  const scratch = new ScratchCheckout(root);
  const removeScratch = (): void => scratch.remove();
  process.once('exit', removeScratch);
  try {
    await checkUnchanged(scratch, tasks);
    for (const task of tasks) yield await checkMutation(scratch, task, deadlineSeconds);
  } finally {
    process.off('exit', removeScratch);
    scratch.remove();
  }
}

async function checkUnchanged(scratch: ScratchCheckout, tasks: readonly Task[]): Promise<void> {
  const words = new Set(tasks.flatMap(({ tests }) => tests));
  const verdict = await runTests(scratch.folder, [...words], FIRST_DEADLINE_SECONDS);
  if (verdict.kind === 'passed') return;
  const why = {
    failed: () => (verdict.kind === 'failed' ? `"${verdict.by.name}" fails: ${verdict.by.message}` : ''),
    hung: () => 'they hang',
    broken: () => (verdict.kind === 'broken' ? verdict.why : ''),
  }[verdict.kind]();
  throw new NoStart(`the tests do not pass without a mistake: ${why}`);
}

async function checkMutation(
  scratch: ScratchCheckout,
  task: Task,
  deadlineSeconds: number,
): Promise<Outcome> {
  const start = performance.now();
  const applied = scratch.apply(task);
  try {
    const verdict =
      applied.failure === undefined
        ? await runTests(scratch.folder, task.tests, deadlineSeconds)
        : ({ kind: 'broken', why: applied.failure } as const);
    return { task, verdict, seconds: (performance.now() - start) / 1000 };
  } finally {
    applied.takeBack();
  }
}
