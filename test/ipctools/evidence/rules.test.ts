import assert from 'node:assert/strict';
import test from 'node:test';
import {
  judge,
  RULES,
  type Evidence,
  type IpcObject,
  type NamedProcess,
  type Verdict,
} from '@timeq/ipctools';
import { Processes } from '@timeq/mq-native';

const owned = { key: 0x80, id: 5, mode: 0o600, uid: 0, gid: 0, creatorUid: 0, creatorGid: 0, changeTime: 1 };
const queue: IpcObject = {
  kind: 'queue',
  entry: {
    ...owned,
    bytes: 0,
    messages: 0,
    maxBytes: 16_384,
    lastSendPid: 0,
    lastReceivePid: 0,
    sendTime: 0,
    receiveTime: 0,
  },
};
const segment: IpcObject = {
  kind: 'segment',
  entry: {
    ...owned,
    dest: false,
    locked: false,
    bytes: 100,
    attachments: 0,
    creatorPid: 9,
    lastPid: 0,
    attachTime: 0,
    detachTime: 0,
  },
};
const set: IpcObject = { kind: 'semaphore set', entry: { ...owned, count: 1, operateTime: 0 } };

const hour = 3600;
const unused: Evidence = {
  object: queue,
  readable: true,
  semaphore: { state: 'none' },
  blocked: [],
  unseen: [],
  waiters: 0,
  attachments: 0,
  processes: [],
  idleSeconds: 2 * hour,
  ownerProcesses: 1,
  messages: 0,
};
const sender = (state: NamedProcess['state']): NamedProcess => ({
  role: 'last sender',
  pid: state === 'elsewhere' || state === 'never' ? 0 : 41,
  state,
  time: 100,
  ...((state === 'alive' || state === 'reused') && { name: 'cron' }),
});
const receiver = (state: NamedProcess['state']): NamedProcess => ({
  ...sender(state),
  role: 'last receiver',
  pid: 42,
});
const reader = { pid: 43, tid: 44, call: 'msgrcv', queueId: 5 } as const;
const lowered = { state: 'lowered', pid: 40, time: 100, usedSince: false } as const;

interface Case {
  readonly title: string;
  readonly evidence: Partial<Evidence>;
  readonly verdict: Verdict;
  readonly proven: boolean;
  readonly rule: number;
  readonly reason: RegExp;
}

const cases: readonly Case[] = [
  {
    title: 'a held liveness semaphore proves life, however long the queue is idle',
    evidence: { semaphore: { state: 'held', pid: 40 }, idleSeconds: 1000 * hour },
    verdict: 'live',
    proven: true,
    rule: 1,
    reason: /^process 40 holds its liveness semaphore$/,
  },
  {
    title: 'a semaphore held from another pid namespace proves life as well',
    evidence: { semaphore: { state: 'held', pid: 0 } },
    verdict: 'live',
    proven: true,
    rule: 1,
    reason: /another pid namespace holds/,
  },
  {
    title: 'a blocked reader proves life, also where not every process could be looked at',
    evidence: { blocked: [reader] },
    verdict: 'live',
    proven: true,
    rule: 2,
    reason: /^process 43 waits for a message$/,
  },
  {
    title: 'a blocked sender keeps the queue of a server that has died',
    evidence: { blocked: [{ ...reader, call: 'msgsnd' }], semaphore: lowered },
    verdict: 'live',
    proven: true,
    rule: 2,
    reason: /^process 43 waits for room to send$/,
  },
  {
    title: 'a process that waits for a semaphore proves life',
    evidence: { object: set, waiters: 2 },
    verdict: 'live',
    proven: true,
    rule: 2,
    reason: /^2 processes wait for it$/,
  },
  {
    title: 'the slots of a bridge stay as long as their queue, although no process uses them',
    evidence: {
      object: segment,
      slots: { direction: 'out', queue: queue.entry },
      processes: [sender('dead')],
    },
    verdict: 'idle',
    proven: true,
    rule: 4,
    reason: /^it has the slots of timeq-bridge out for queue/,
  },
  {
    title: 'locked slots whose queue is gone may hold messages, and are kept',
    evidence: { object: segment, slots: { queue: undefined }, processes: [sender('dead')] },
    verdict: 'unknown',
    proven: false,
    rule: 14,
    reason: /^it may hold messages of timeq-bridge, and their queue is gone$/,
  },
  {
    title: 'an attached segment is live, whichever process created it',
    evidence: { object: segment, attachments: 1, processes: [sender('dead')] },
    verdict: 'live',
    proven: true,
    rule: 3,
    reason: /^it is attached 1 time$/,
  },
  {
    title: 'a lowered semaphore proves death at once, without --older-than',
    evidence: { semaphore: lowered, idleSeconds: 0 },
    verdict: 'stale',
    proven: true,
    rule: 5,
    reason: /^its server 40 died/,
  },
  {
    title: 'a lowered semaphore proves no death while a client lives, and says who',
    evidence: { semaphore: lowered, processes: [sender('alive')], idleSeconds: 0 },
    verdict: 'unknown',
    proven: false,
    rule: 6,
    reason: /^its server 40 is dead, but its last sender 41 cron is alive$/,
  },
  {
    title: 'a lowered semaphore proves no death while it is long unused and a client may live',
    evidence: { semaphore: lowered, processes: [sender('elsewhere'), receiver('reused')] },
    verdict: 'unknown',
    proven: false,
    rule: 6,
    reason:
      /^its server 40 is dead, but its last sender belongs to another pid namespace, and its last receiver 42 may be alive: process 42 cron seems to have started later/,
  },
  {
    title: 'a lowered semaphore proves death once the client has died, too',
    evidence: { semaphore: lowered, processes: [sender('dead'), receiver('ended')], idleSeconds: 0 },
    verdict: 'stale',
    proven: true,
    rule: 5,
    reason: /^its server 40 died/,
  },
  {
    title: 'a lowered semaphore proves nothing once another process has received since',
    evidence: { semaphore: { ...lowered, usedSince: true }, processes: [receiver('alive')], idleSeconds: 5 },
    verdict: 'live',
    proven: false,
    rule: 7,
    reason: /^its last receiver 42 cron is alive$/,
  },
  {
    title: "a stranger's semaphore at the key proves nothing",
    evidence: { semaphore: { state: 'foreign' } },
    verdict: 'stale',
    proven: false,
    rule: 15,
    reason: /^no thread is blocked in it$/,
  },
  {
    title: 'a living process and recent use is life',
    evidence: { processes: [sender('dead'), receiver('alive')], idleSeconds: hour - 1 },
    verdict: 'live',
    proven: false,
    rule: 7,
    reason: /^its last receiver 42 cron is alive$/,
  },
  {
    title: 'a living process keeps a queue that is long unused',
    evidence: { processes: [sender('alive'), receiver('dead')], idleSeconds: 1000 * hour },
    verdict: 'idle',
    proven: false,
    rule: 8,
    reason: /^its last sender 41 cron is alive$/,
  },
  {
    title: 'what may not be read is unknown',
    evidence: { readable: false },
    verdict: 'unknown',
    proven: false,
    rule: 9,
    reason: /^this user may not read it$/,
  },
  {
    title: 'a liveness semaphore that may not be read makes the queue unknown',
    evidence: { semaphore: { state: 'unknown' } },
    verdict: 'unknown',
    proven: false,
    rule: 9,
    reason: /^this user may not read the semaphore beside it$/,
  },
  {
    title: 'a lowered semaphore of another pid namespace makes the queue unknown, and says why',
    evidence: { semaphore: { state: 'doubtful', pid: 0, doubt: 'elsewhere' } },
    verdict: 'unknown',
    proven: false,
    rule: 10,
    reason: /only its own pid namespace shows whether the server died$/,
  },
  {
    title: 'a lowered semaphore whose holder has a living process with its number proves nothing',
    evidence: { semaphore: { state: 'doubtful', pid: 40, doubt: 'reused' } },
    verdict: 'unknown',
    proven: false,
    rule: 10,
    reason: /another process seems to have its pid 40 now, unless the clock was set$/,
  },
  {
    title: 'a lowered semaphore beside a queue that was never received from proves nothing',
    evidence: { semaphore: { state: 'doubtful', pid: 40, doubt: 'unserved' } },
    verdict: 'unknown',
    proven: false,
    rule: 10,
    reason: /no process has ever received from it, so it may never have had a server$/,
  },
  {
    title: 'a lowered semaphore does not outweigh a reader that cannot be seen',
    evidence: { semaphore: lowered, blocked: undefined, unseen: [1] },
    verdict: 'unknown',
    proven: false,
    rule: 12,
    reason: /process 1 can't be inspected$/,
  },
  {
    title: 'a sender in another pid namespace makes the queue unknown',
    evidence: { processes: [sender('elsewhere'), receiver('dead')] },
    verdict: 'unknown',
    proven: false,
    rule: 10,
    reason: /^its last sender belongs to another pid namespace$/,
  },
  {
    title: 'a process that /proc hides makes the queue unknown',
    evidence: { processes: [sender('hidden')] },
    verdict: 'unknown',
    proven: false,
    rule: 10,
    reason: /^its last sender 41 can't be seen/,
  },
  {
    title: 'a receiver that has ended may have been a thread of a process that lives',
    evidence: { processes: [sender('dead'), receiver('ended')] },
    verdict: 'unknown',
    proven: false,
    rule: 11,
    reason: /^its last receiver 42 has ended, but may have been a thread of a process that is alive$/,
  },
  {
    title: 'where not every process can be inspected, it is unknown who is blocked',
    evidence: { blocked: undefined, unseen: [1, 2], processes: [sender('dead')] },
    verdict: 'unknown',
    proven: false,
    rule: 12,
    reason: /process 1 and 1 other can't be inspected$/,
  },
  {
    title: 'a cron job that sent and ended a minute ago may come again',
    evidence: { processes: [sender('dead'), receiver('never')], idleSeconds: 60, messages: 3 },
    verdict: 'idle',
    proven: false,
    rule: 13,
    reason: /^it was used 1m ago$/,
  },
  {
    title: 'a dead sender and an hour without use is stale',
    evidence: { processes: [sender('dead'), receiver('never')], idleSeconds: hour },
    verdict: 'stale',
    proven: false,
    rule: 15,
    reason: /^no thread is blocked in it$/,
  },
  {
    title: 'a number that was used again proves no death, for the clock may have been set',
    evidence: { processes: [sender('reused')] },
    verdict: 'unknown',
    proven: false,
    rule: 10,
    reason: /^its last sender 41 may be alive: process 41 cron seems to have started later/,
  },
  {
    title: 'a queue that was never used is stale after an hour',
    evidence: { processes: [sender('never'), receiver('never')], ownerProcesses: 0 },
    verdict: 'stale',
    proven: false,
    rule: 15,
    reason: /its owner has no process/,
  },
];

for (const { title, evidence, verdict, proven, rule, reason } of cases) {
  test(title, () => {
    const judgement = judge({ ...unused, ...evidence }, { olderThanSeconds: hour });
    assert.deepEqual(
      { verdict: judgement.verdict, proven: judgement.proven, rule: judgement.rule },
      { verdict, proven, rule },
    );
    assert.ok(
      judgement.reasons.some((sentence) => reason.test(sentence)),
      judgement.reasons.join('; '),
    );
  });
}

test('every rule has a case', () => {
  assert.deepEqual(new Set(cases.map(({ rule }) => rule)), new Set(RULES.map((_, index) => index + 1)));
});

test('--assume-unseen-idle decides where something is not seen, and nowhere else', () => {
  const criteria = { olderThanSeconds: hour, assumeUnseenIdle: true };
  const judged = (evidence: Partial<Evidence>): string => judge({ ...unused, ...evidence }, criteria).verdict;
  assert.equal(judged({ blocked: undefined, unseen: [1] }), 'stale');
  assert.equal(judged({ processes: [sender('dead'), receiver('ended')] }), 'stale');
  assert.equal(judged({ blocked: undefined, semaphore: lowered, idleSeconds: 0 }), 'stale');
  assert.equal(judged({ blocked: undefined, idleSeconds: 60 }), 'idle');
  assert.equal(judged({ blocked: undefined, processes: [sender('elsewhere')] }), 'unknown');
  assert.equal(judged({ blocked: undefined, processes: [sender('reused')] }), 'unknown');
  assert.equal(judged({ blocked: undefined, processes: [sender('alive')] }), 'idle');
  assert.equal(judged({ semaphore: lowered, processes: [sender('alive')] }), 'unknown');
  assert.equal(judged({ blocked: [reader] }), 'live');
  assert.equal(judged({ semaphore: { state: 'doubtful', pid: 0, doubt: 'elsewhere' } }), 'unknown');
});

test('an unknown object has a next step, and no other object has one', () => {
  for (const { evidence, verdict, title } of cases) {
    const { next } = judge({ ...unused, ...evidence }, { olderThanSeconds: hour });
    assert.equal(next !== undefined, verdict === 'unknown', title);
  }
});

test('if a client of a dead server is alive, the next step names it', () => {
  const next = (...processes: NamedProcess[]): string | undefined =>
    judge({ ...unused, semaphore: lowered, processes }, { olderThanSeconds: hour }).next;
  assert.equal(
    next(sender('alive')),
    'wait until process 41 has ended, start a new server, or remove it with `ipctools remove`',
  );
  assert.match(next(sender('hidden')) ?? '', /^run ipctools as root of the host, which sees every process$/);
});

test('a process that started after its number was written down is told apart', () => {
  const now = Math.ceil(Date.now() / 1000);
  assert.equal(new Processes().find(process.pid, now).state, 'alive');
  const { pid, state } = new Processes().find(process.pid, 1);
  assert.deepEqual([pid, state], [process.pid, 'reused']);
});
