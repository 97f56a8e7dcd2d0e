import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutate, type Task } from './mutation.js';
import type { Outcome } from './outcome.js';
import { ScratchCheckout } from './scratch-checkout.js';
import { PATIENCE_SECONDS, runTests } from './test-run.js';

/** The time limit for the tests of one mutation, longer on a machine that needs patience. Exceeding it counts as a hang. */
const DEADLINE_SECONDS = 6 * PATIENCE_SECONDS;
/** The time limit for all tests without a mutation. */
const FIRST_DEADLINE_SECONDS = 900;

/** Mutations can't be checked: tests fail without one, or the list of mutations is out of date. */
export class NoStart extends Error {}

/** The mutations whose place is missing, a sentence each. */
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
 * Applies one mutation after another to a copy of the checkout, and runs the tests that should catch it.
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
