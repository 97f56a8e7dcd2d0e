import { decidingRule } from '../evidence/judgement.js';
import { VERDICTS, type Criteria, type RuleOn, type Verdict } from '../evidence/rules.js';
import { formatCount } from '../format/count.js';
import { formatDuration } from '../format/time.js';
import type { Facts } from '../model/facts.js';
import type { PosixObject } from '../model/posix/objects.js';

/** What is known of the use of a POSIX object. */
export interface PosixEvidence {
  readonly object: PosixObject;
  /** The processes that have it open or mapped, as far as they can be inspected. */
  readonly users: readonly { readonly pid: number; readonly name: string | undefined }[];
  /** Whether these are all. */
  readonly complete: boolean;
  /** Whether a queue notifies a process of its next message. */
  readonly notifies: boolean;
  /** Of a queue; undefined if it may not be known. */
  readonly messages: number | undefined;
  readonly idleSeconds: number;
}

/** A judgement of a POSIX object. */
export interface PosixJudgement {
  readonly evidence: PosixEvidence;
  readonly verdict: Verdict;
  /** The number of the rule that decided, from 1. */
  readonly rule: number;
  readonly reasons: readonly string[];
  /** The next step, if it is unknown. */
  readonly next: string | undefined;
}

const SECONDS_PER_DAY = 86_400;

/** How long it is unused at least: with relatime the kernel may note a use up to a day late (mount(8)). */
function surelyIdle({ object, idleSeconds }: PosixEvidence): number {
  return object.accessTimes === 'daily' ? idleSeconds - SECONDS_PER_DAY : idleSeconds;
}

const describeUse = ({ idleSeconds }: PosixEvidence): string =>
  `the kernel recorded no use for ${formatDuration(idleSeconds)}`;

/** The rules, in their order: the first that holds decides. The last one always holds. */
export const POSIX_RULES: readonly RuleOn<PosixEvidence>[] = [
  {
    verdict: 'live',
    proven: true,
    when: 'a process has it open or mapped, or waits for the notification of a queue',
    holds: ({ users, notifies }) => users.length > 0 || notifies,
    reasons: ({ users, notifies }) => [
      ...users.map(({ pid, name }) =>
        `process ${pid} ${name ?? ''} has it open or mapped`.replace('  ', ' '),
      ),
      ...(notifies ? ['it notifies a process of its next message'] : []),
    ],
  },
  {
    verdict: 'unknown',
    proven: false,
    when: "a process that this user can't see may have it open: another user's (root sees it), or one in another pid namespace",
    holds: ({ complete }, { assumeUnseenIdle }) => !complete && assumeUnseenIdle !== true,
    reasons: () => ['not every process can be inspected, and one of them may have it open'],
    next: () =>
      'run ipctools as root in the pid namespace of the host, or pass --assume-unseen-idle if you know that no hidden process uses it',
  },
  {
    verdict: 'unknown',
    proven: false,
    when: 'its file has other names, under which processes may use it',
    holds: ({ object }) => object.links > 1,
    reasons: ({ object }) => [`its file has ${formatCount(object.links - 1, 'other name')}`],
    next: ({ object }) => `look for them with \`find /dev/shm -inum ${object.inode}\``,
  },
  {
    verdict: 'unknown',
    proven: false,
    when: 'its mount records no uses (noatime)',
    holds: ({ object }) => object.accessTimes === 'never',
    reasons: () => ['its mount records no uses (noatime), so no time proves that it is unused'],
    next: () => 'mount it without noatime, or remove it with `ipctools remove`',
  },
  {
    verdict: 'idle',
    proven: false,
    when: 'it was used within --older-than; where its mount has relatime, within a day more',
    holds: (evidence, { olderThanSeconds }) => surelyIdle(evidence) < olderThanSeconds,
    reasons: (evidence) => [describeUse(evidence)],
  },
  {
    verdict: 'unknown',
    proven: false,
    when: 'it is a queue with messages, which cannot be copied without taking them, or with content that this user may not see',
    holds: ({ object, messages }) => object.kind === 'posix queue' && messages !== 0,
    reasons: ({ messages }) => [
      messages === undefined
        ? 'this user may not see what it holds'
        : `it holds ${formatCount(messages, 'message')}`,
    ],
    next: ({ object }) =>
      `remove it with \`ipctools remove --drain ${object.name}\`, which takes its messages into a backup`,
  },
  {
    verdict: 'stale',
    proven: false,
    when: 'none of the above: no process has it open, and it was unused for --older-than',
    holds: () => true,
    reasons: (evidence) => ['no process has it open or mapped', describeUse(evidence)],
  },
];

/** Gathers the evidence on one object. */
function posixEvidence(object: PosixObject, { posix, processes, now }: Facts): PosixEvidence {
  const contents = posix.queueOf(object);
  return {
    object,
    users: posix.users.of(object).map((pid) => ({ pid, name: processes.live(pid)?.name })),
    complete: posix.users.complete,
    notifies: (contents?.notifies ?? 0) !== 0,
    messages: contents?.messages,
    idleSeconds: Math.max(0, now - object.useTime),
  };
}

export function judgePosix(evidence: PosixEvidence, criteria: Criteria): PosixJudgement {
  const { index, rule } = decidingRule(evidence, criteria, POSIX_RULES);
  return {
    evidence,
    verdict: rule.verdict,
    rule: index + 1,
    reasons: rule.reasons(evidence, criteria),
    next: rule.next?.(evidence),
  };
}

/** Judges every POSIX object; the stale ones come first. */
export function surveyPosix(criteria: Criteria, facts: Facts): PosixJudgement[] {
  return facts.posix.objects
    .map((object) => judgePosix(posixEvidence(object, facts), criteria))
    .toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict));
}
