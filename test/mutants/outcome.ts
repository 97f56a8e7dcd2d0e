import { WANTED_SHARE, type GuardedModule, type Task } from './mutation.js';
import type { Verdict } from './test-run.js';

/** A mutation, and the result of the tests. */
export interface Outcome {
  readonly task: Task;
  readonly verdict: Verdict;
  readonly seconds: number;
}

const words = { passed: 'survived', failed: 'caught', hung: 'hung', broken: 'broken' } as const;

export function describe({ task, verdict, seconds }: Outcome): string {
  const { module, file, what, accepted } = task;
  const name = file.slice(file.lastIndexOf('/') + 1);
  const line = `${words[verdict.kind].padEnd(8)} ${module}: ${name}: ${what} (${seconds.toFixed(1)} s)`;
  if (verdict.kind === 'failed') return `${line}\n           by "${verdict.by.name}"`;
  if (verdict.kind === 'broken') return `${line}\n${verdict.why}`;
  return accepted === undefined ? line : `${line}\n           accepted: ${accepted}`;
}

/** The figures of each module, a line each. */
export function summary(outcomes: readonly Outcome[]): string[] {
  return modulesOf(outcomes).map(([module, own]) => {
    const count = (kind: Verdict['kind']): number =>
      own.filter(({ verdict }) => verdict.kind === kind).length;
    const accepted = own.filter(isAccepted).length;
    const share = Math.floor(100 * caughtShare(own));
    return (
      `${module.padEnd(12)} ${count('failed')} caught, ${count('passed')} survived, ${count('hung')} hung ` +
      `(${accepted} accepted): ${share} %`
    );
  });
}

/** The problems to fix, a line each; none if the tests catch enough mutations. */
export function complaints(outcomes: readonly Outcome[], modules: readonly GuardedModule[]): string[] {
  const unexplained = outcomes.filter(({ task, verdict }) =>
    verdict.kind === 'broken' ? true : verdict.kind !== 'failed' && task.accepted === undefined,
  );
  // Part of a module has too few mutations for a meaningful share.
  const sizes = new Map(modules.map(({ name, mutations }) => [name, mutations.length]));
  const whole = modulesOf(outcomes).filter(([module, own]) => own.length === sizes.get(module));
  const low = whole.filter(([, own]) => caughtShare(own) < WANTED_SHARE);
  return [
    ...unexplained.map(({ task, verdict }) => `${words[verdict.kind]}: ${task.file}: ${task.what}`),
    ...low.map(([module]) => `${module}: less than ${100 * WANTED_SHARE} % caught`),
  ];
}

function isAccepted({ task, verdict }: Outcome): boolean {
  return verdict.kind !== 'failed' && verdict.kind !== 'broken' && task.accepted !== undefined;
}

function caughtShare(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ verdict }) => verdict.kind === 'failed').length / outcomes.length;
}

function modulesOf(outcomes: readonly Outcome[]): [string, Outcome[]][] {
  const modules = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const own = modules.get(outcome.task.module) ?? [];
    own.push(outcome);
    modules.set(outcome.task.module, own);
  }
  return [...modules];
}
