import { formatCount } from '../format/count.js';
import { formatDuration } from '../format/time.js';
import { nameObject } from '../model/ipc-object.js';
import { nameMover } from '../model/slots.js';
import type { Evidence, NamedProcess } from './evidence.js';
import {
  describeBlocked,
  describeDoubt,
  describeNamed,
  describeUnused,
  describeSurvivors,
  describeUnseen,
  nextForSurvivors,
  nextForUnknowable,
  nextForUnseen,
} from './words.js';

/** live: in use now. idle: may be used again. stale: no process is left to use it. unknown: can't be known, so it is kept. */
export const VERDICTS = ['stale', 'unknown', 'idle', 'live'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The user's choices. */
export interface Criteria {
  /** Treats objects used within this time as in use: --older-than. */
  readonly olderThanSeconds: number;
  /** Treats processes that can't be seen as idle: --assume-unseen-idle. */
  readonly assumeUnseenIdle?: boolean | undefined;
}

/** A rule on evidence of one form. The first rule that holds decides. */
export interface RuleOn<Findings> {
  readonly verdict: Verdict;
  /** Whether it rests on proof; if not, it is a conclusion from what the kernel recorded. */
  readonly proven: boolean;
  /** For --explain. */
  readonly when: string;
  holds(evidence: Findings, criteria: Criteria): boolean;
  /** The findings, a sentence each. */
  reasons(evidence: Findings, criteria: Criteria): string[];
  /** The next step that would decide an object that is unknown. */
  next?(evidence: Findings): string;
}

/** A rule on a System V object. */
export type Rule = RuleOn<Evidence>;

const alive = ({ state }: NamedProcess): boolean => state === 'alive';
const unknowable = ({ state }: NamedProcess): boolean =>
  state === 'elsewhere' || state === 'hidden' || state === 'reused';
const mayLive = (process: NamedProcess): boolean => alive(process) || unknowable(process);
const ended = ({ state }: NamedProcess): boolean => state === 'ended';
/** Whether every process that may be blocked in it was inspected. */
const seen = ({ blocked }: Evidence, { assumeUnseenIdle }: Criteria): boolean =>
  blocked !== undefined || assumeUnseenIdle === true;
/** Whether the semaphore and the times show a dead server and no use since. */
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
    verdict: 'idle',
    proven: true,
    when: 'the segment has the slots of timeq-bridge for a queue that exists',
    holds: ({ slots }) => slots?.queue !== undefined,
    reasons: ({ slots }) =>
      slots?.queue === undefined
        ? []
        : [
            `it has the slots of ${nameMover(slots.direction)} for ${nameObject({ kind: 'queue', entry: slots.queue })}, with messages in flight`,
          ],
  },
  {
    verdict: 'stale',
    proven: true,
    when: 'the kernel lowered its liveness semaphore when its server died; no process has received from it since, no thread is blocked in it, and no other process that the kernel names is alive or may be',
    holds: (evidence, criteria) =>
      abandoned(evidence) && !evidence.processes.some(mayLive) && seen(evidence, criteria),
    reasons: ({ semaphore }) => [
      semaphore.state === 'lowered'
        ? `its server ${semaphore.pid} died: its liveness semaphore was lowered`
        : '',
    ],
  },
  {
    // A process that waits for 0 on a semaphore that was never raised, and ends, leaves the same trace as a dead server.
    verdict: 'unknown',
    proven: false,
    when: 'the same, but another process that the kernel names is alive or may be',
    holds: (evidence) => abandoned(evidence) && evidence.processes.some(mayLive),
    reasons: ({ semaphore, processes }) => [describeSurvivors(semaphore, processes.filter(mayLive))],
    next: (evidence) => nextForSurvivors(evidence, evidence.processes.filter(alive)),
  },
  {
    verdict: 'live',
    proven: false,
    when: 'a process that the kernel names is alive, and the object was used within --older-than',
    holds: (evidence, criteria) => evidence.processes.some(alive) && recent(evidence, criteria),
    reasons: (evidence) => [...evidence.processes.filter(alive).map(describeNamed), used(evidence)],
  },
  {
    verdict: 'idle',
    proven: false,
    when: 'a process that the kernel names is alive, but the object was not used within --older-than',
    holds: ({ processes }) => processes.some(alive),
    reasons: (evidence) => [...evidence.processes.filter(alive).map(describeNamed), used(evidence)],
  },
  {
    verdict: 'unknown',
    proven: false,
    when: 'this user may not read the object, or the liveness semaphore beside it',
    holds: ({ readable, semaphore }) => !readable || semaphore.state === 'unknown',
    reasons: ({ readable }) => [
      readable ? 'this user may not read the semaphore beside it' : 'this user may not read it',
    ],
    next: () => 'run ipctools as its owner or as root',
  },
  {
    verdict: 'unknown',
    proven: false,
    when: "a process that the kernel names, or the holder of the semaphore, can't be looked up: it is in another pid namespace, is hidden, or its pid was reused; or no process has ever received from the queue, so the semaphore may never have been raised",
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
    when: 'its last receiver has ended, but may have been a thread of a process that is alive',
    holds: ({ processes }, { assumeUnseenIdle }) => processes.some(ended) && assumeUnseenIdle !== true,
    reasons: ({ processes }) => processes.filter(ended).map(describeNamed),
    next: () => 'pass --assume-unseen-idle if you know that no running process has received from it',
  },
  {
    verdict: 'unknown',
    proven: false,
    when: "a process that this user can't see may be blocked in it: another user's (root sees it), or one in another pid namespace",
    holds: (evidence, criteria) => !seen(evidence, criteria),
    reasons: ({ unseen }) => [`a thread may be blocked in it: ${describeUnseen(unseen)}`],
    next: nextForUnseen,
  },
  {
    verdict: 'idle',
    proven: false,
    when: 'the object was used within --older-than',
    holds: recent,
    reasons: (evidence) => [used(evidence), ...evidence.processes.filter(named).map(describeNamed)],
  },
  {
    verdict: 'unknown',
    proven: false,
    when: 'the segment is locked and has the key of slots of timeq-bridge, but their queue is gone: it may hold messages',
    holds: ({ slots }) => slots !== undefined,
    reasons: () => ['it may hold messages of timeq-bridge, and their queue is gone'],
    next: ({ object: { entry } }) =>
      `see what it holds with \`ipctools remove -m ${entry.id} --dry-run\`; a bridge for its queue's key moves the messages on`,
  },
  {
    verdict: 'stale',
    proven: false,
    when: 'none of the above: no thread is blocked in it, no process that the kernel names is alive, and it was unused for --older-than',
    holds: () => true,
    reasons: (evidence) => [
      describeUnused(evidence),
      ...evidence.processes.filter(named).map(describeNamed),
      evidence.processes.some(named) ? used(evidence) : `unused for ${formatDuration(evidence.idleSeconds)}`,
      ...(evidence.ownerProcesses === 0 ? ['its owner has no process'] : []),
    ],
  },
];
