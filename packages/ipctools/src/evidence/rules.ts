import { formatCount } from '../format/count.js';
import { formatDuration } from '../format/time.js';
import type { Evidence, NamedProcess } from './evidence.js';
import { describeBlocked, describeNamed, describeNobody, describeUnseen } from './words.js';

/** live: in use now. idle: may be used again. stale: nobody is left who would. unknown: can't be known, so it is kept. */
export const VERDICTS = ['stale', 'unknown', 'idle', 'live'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What the person who asks decides. */
export interface Criteria {
  /** Unused for less than this counts as in use: --older-than. */
  readonly olderThanSeconds: number;
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
}

const alive = ({ state }: NamedProcess): boolean => state === 'alive';
const unknowable = ({ state }: NamedProcess): boolean => state === 'elsewhere' || state === 'hidden';
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
    when: 'the kernel lowered its liveness semaphore when the holder died, and nobody has received since',
    holds: ({ semaphore }) => semaphore.state === 'lowered' && !semaphore.usedSince,
    reasons: ({ semaphore }) => [
      semaphore.state === 'lowered'
        ? `its server ${semaphore.pid} died: its liveness semaphore was lowered`
        : '',
    ],
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
      readable ? "its liveness semaphore can't be read" : 'this user may not read it',
    ],
  },
  {
    verdict: 'unknown',
    proven: false,
    when: 'a process that the kernel names belongs to another pid namespace, or is hidden',
    holds: ({ processes }) => processes.some(unknowable),
    reasons: ({ processes }) => processes.filter(unknowable).map(describeNamed),
  },
  {
    verdict: 'unknown',
    proven: false,
    when: 'somebody may be blocked in the queue: not every process can be looked at (root can)',
    holds: ({ blocked }) => blocked === undefined,
    reasons: ({ unseen }) => [`who is blocked in it can't be known: ${describeUnseen(unseen)}`],
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
