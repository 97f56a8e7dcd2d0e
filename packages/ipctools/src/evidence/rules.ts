import { formatCount } from '../format/count.js';
import { formatDuration } from '../format/time.js';
import type { Evidence, NamedProcess } from './evidence.js';
import {
  describeBlocked,
  describeDoubt,
  describeNamed,
  describeNobody,
  describeSurvivors,
  describeUnseen,
  nextForSurvivors,
  nextForUnknowable,
  nextForUnseen,
} from './words.js';

/** live: in use now. idle: may be used again. stale: nobody is left who would. unknown: can't be known, so it is kept. */
export const VERDICTS = ['stale', 'unknown', 'idle', 'live'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What the person who asks decides. */
export interface Criteria {
  /** Unused for less than this counts as in use: --older-than. */
  readonly olderThanSeconds: number;
  /** Takes for idle whatever can't be seen from here: --assume-unseen-idle. */
  readonly assumeUnseenIdle?: boolean | undefined;
}

/** A rule holds, or it doesn't; then the next one is asked. */
export interface Rule {
  readonly verdict: Verdict;
  /** Whether it rests on proof; otherwise it is a conclusion from what the kernel wrote down. */
  readonly proven: boolean;
  /** For --explain. */
  readonly when: string;
  holds(evidence: Evidence, criteria: Criteria): boolean;
  /** What exactly was found. */
  reasons(evidence: Evidence, criteria: Criteria): string[];
  /** What would decide an object that is unknown. */
  next?(evidence: Evidence): string;
}

const alive = ({ state }: NamedProcess): boolean => state === 'alive';
const unknowable = ({ state }: NamedProcess): boolean =>
  state === 'elsewhere' || state === 'hidden' || state === 'reused';
const mayLive = (process: NamedProcess): boolean => alive(process) || unknowable(process);
const ended = ({ state }: NamedProcess): boolean => state === 'ended';
/** Whether all that could be in it now was looked at. */
const seen = ({ blocked }: Evidence, { assumeUnseenIdle }: Criteria): boolean =>
  blocked !== undefined || assumeUnseenIdle === true;
/** Whether all that the semaphore and the times tell is that a server died, and nobody came after it. */
const abandoned = ({ semaphore }: Evidence): boolean => semaphore.state === 'lowered' && !semaphore.usedSince;
const named = ({ state }: NamedProcess): boolean => state !== 'never';
const used = ({ idleSeconds }: Evidence): string =>
  idleSeconds === 0 ? 'it was used just now' : `it was used ${formatDuration(idleSeconds)} ago`;
const recent = ({ idleSeconds }: Evidence, { olderThanSeconds }: Criteria): boolean =>
  idleSeconds < olderThanSeconds;

/** The rules, in their order: the first that holds decides. The last one always holds. */
export const RULES: readonly Rule[] = [
  {
    verdict: 'live',
    proven: true,
    when: 'a process holds the liveness semaphore beside it',
    holds: ({ semaphore }) => semaphore.state === 'held',
    reasons: ({ semaphore }) => [
      semaphore.state === 'held' && semaphore.pid !== 0
        ? `process ${semaphore.pid} holds its liveness semaphore`
        : 'a process of another pid namespace holds its liveness semaphore',
    ],
  },
  {
    verdict: 'live',
    proven: true,
    when: 'a thread is blocked in the queue, or waits for a semaphore of the set',
    holds: ({ blocked = [], waiters }) => blocked.length > 0 || waiters > 0,
    reasons: ({ blocked = [], waiters }) => [
      ...blocked.map(describeBlocked),
      ...(waiters > 0 ? [`${formatCount(waiters, 'process waits', 'processes wait')} for it`] : []),
    ],
  },
  {
    verdict: 'live',
    proven: true,
    when: 'the segment is attached',
    holds: ({ attachments }) => attachments > 0,
    reasons: ({ attachments }) => [`it is attached ${formatCount(attachments, 'time')}`],
  },
  {
    verdict: 'stale',
    proven: true,
    when: 'the kernel lowered its liveness semaphore when the holder died, nobody has received since, nobody is blocked, and nobody else whom the kernel names lives or may live',
    holds: (evidence, criteria) =>
      abandoned(evidence) && !evidence.processes.some(mayLive) && seen(evidence, criteria),
    reasons: ({ semaphore }) => [
      semaphore.state === 'lowered'
        ? `its server ${semaphore.pid} died: its liveness semaphore was lowered`
        : '',
    ],
  },
  {
    // Whoever may read a semaphore that was never raised, waits for 0 and ends, leaves what a dead server does.
    verdict: 'unknown',
    proven: false,
    when: 'the same, but somebody else whom the kernel names lives or may live',
    holds: (evidence) => abandoned(evidence) && evidence.processes.some(mayLive),
    reasons: ({ semaphore, processes }) => [describeSurvivors(semaphore, processes.filter(mayLive))],
    next: (evidence) => nextForSurvivors(evidence, evidence.processes.filter(alive)),
  },
  {
    verdict: 'live',
    proven: false,
    when: 'a process that the kernel names lives, and it was used within --older-than',
    holds: (evidence, criteria) => evidence.processes.some(alive) && recent(evidence, criteria),
    reasons: (evidence) => [...evidence.processes.filter(alive).map(describeNamed), used(evidence)],
  },
  {
    verdict: 'idle',
    proven: false,
    when: 'a process that the kernel names lives, but it was not used within --older-than',
    holds: ({ processes }) => processes.some(alive),
    reasons: (evidence) => [...evidence.processes.filter(alive).map(describeNamed), used(evidence)],
  },
  {
    verdict: 'unknown',
    proven: false,
    when: 'it, or the liveness semaphore beside it, may not be read',
    holds: ({ readable, semaphore }) => !readable || semaphore.state === 'unknown',
    reasons: ({ readable }) => [
      readable ? 'this user may not read the semaphore beside it' : 'this user may not read it',
    ],
    next: () => 'its owner and root may read it',
  },
  {
    verdict: 'unknown',
    proven: false,
    when: "a process that the kernel names, or the holder of the semaphore, can't be looked up: it belongs to another pid namespace, is hidden, or its number was used again; or nobody has ever received from the queue, so that the semaphore may never have been raised",
    holds: ({ processes, semaphore }) => processes.some(unknowable) || semaphore.state === 'doubtful',
    reasons: ({ processes, semaphore }) => [
      ...(semaphore.state === 'doubtful' ? [describeDoubt(semaphore)] : []),
      ...processes.filter(unknowable).map(describeNamed),
    ],
    next: nextForUnknowable,
  },
  {
    verdict: 'unknown',
    proven: false,
    when: 'its last receiver has ended, and may have been a thread of a process that lives',
    holds: ({ processes }, { assumeUnseenIdle }) => processes.some(ended) && assumeUnseenIdle !== true,
    reasons: ({ processes }) => processes.filter(ended).map(describeNamed),
    next: () => '--assume-unseen-idle, if no process that runs has received from it',
  },
  {
    verdict: 'unknown',
    proven: false,
    when: "a process that can't be seen may be blocked in it: another user's (root sees it), or one of another pid namespace",
    holds: (evidence, criteria) => !seen(evidence, criteria),
    reasons: ({ unseen }) => [`who is in it can't be known: ${describeUnseen(unseen)}`],
    next: nextForUnseen,
  },
  {
    verdict: 'idle',
    proven: false,
    when: 'it was used within --older-than',
    holds: recent,
    reasons: (evidence) => [used(evidence), ...evidence.processes.filter(named).map(describeNamed)],
  },
  {
    verdict: 'stale',
    proven: false,
    when: 'none of the above: nobody is blocked, nobody whom the kernel names lives, unused for --older-than',
    holds: () => true,
    reasons: (evidence) => [
      describeNobody(evidence),
      ...evidence.processes.filter(named).map(describeNamed),
      evidence.processes.some(named)
        ? used(evidence)
        : `nobody has used it in ${formatDuration(evidence.idleSeconds)}`,
      ...(evidence.ownerProcesses === 0 ? ['its owner has no process at all'] : []),
    ],
  },
];
