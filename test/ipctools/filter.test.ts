import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import type { QueueEntry, SegmentEntry } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { Facts, type BlockedThread, type BlockedThreads } from '@timeq/ipctools';
import { parseConditions } from '#ipctools/render/columns/filter';
import { QUEUE_COLUMNS } from '#ipctools/render/columns/queues';
import { SEGMENT_COLUMNS } from '#ipctools/render/columns/segments';
import { sortEntries } from '#ipctools/render/columns/sort';

const NOW = 1_000_000;

const queue = (messages: number, changes: Partial<QueueEntry> = {}): QueueEntry => ({
  ...{ key: 128, id: messages, mode: 0o600, uid: 0, gid: 0, creatorUid: 0, creatorGid: 0, messages },
  ...{ bytes: messages, maxBytes: 100, lastSendPid: 0, lastReceivePid: 0, sendTime: 0, receiveTime: 0 },
  changeTime: 1,
  ...changes,
});

function waitingIn(...threads: BlockedThread[]): BlockedThreads {
  return { byQueue: new Map([[1, threads]]), complete: true, partial: false, unseen: [] };
}

const NONE_BLOCKED: BlockedThreads = { byQueue: new Map(), complete: true, partial: false, unseen: [] };

/** Whether a queue satisfies a condition. */
function holds(condition: string, entry: QueueEntry, blocked = NONE_BLOCKED): boolean {
  const facts = new Facts({ now: NOW, blocked });
  return parseConditions([condition], QUEUE_COLUMNS, facts)(entry);
}

function satisfying(...conditions: string[]): (number | undefined)[] {
  const entries = [1, 2, 3].map((messages) => queue(messages));
  return entries
    .filter(parseConditions(conditions, QUEUE_COLUMNS, new Facts()))
    .map(({ messages }) => messages);
}

test('each operator of a condition means what it does in mathematics', () => {
  assert.deepEqual(satisfying('messages<2'), [1]);
  assert.deepEqual(satisfying('messages<=2'), [1, 2]);
  assert.deepEqual(satisfying('messages=2'), [2]);
  assert.deepEqual(satisfying('messages==2'), [2]);
  assert.deepEqual(satisfying('messages!=2'), [1, 3]);
  assert.deepEqual(satisfying('messages>=2'), [2, 3]);
  assert.deepEqual(satisfying('messages>2'), [3]);
  assert.deepEqual(satisfying('messages>=2', 'messages<=2'), [2]);
});

test('an unknown value matches no condition, whichever way it is put', () => {
  const entry = queue(1, { maxBytes: undefined });
  const satisfied = ['<', '<=', '=', '==', '!=', '>=', '>', '~', '!~'].filter((operator) =>
    holds(`full${operator}0`, entry),
  );
  assert.deepEqual(satisfied, []);
});

test('~ looks for a part of the text, whatever its case, and !~ for its absence', () => {
  assert.deepEqual([holds('key~00AB', queue(1, { key: 0xab })), holds('key~cd', queue(1))], [true, false]);
  assert.deepEqual([holds('key!~AB', queue(1, { key: 0xab })), holds('key!~cd', queue(1))], [false, true]);
});

test('owners are compared by who they are, and have no order', () => {
  assert.deepEqual([holds('owner=root', queue(1)), holds('owner=root', queue(1, { uid: 7 }))], [true, false]);
  for (const condition of [
    'owner<root',
    'owner>=root',
    'owner=unknown',
    'owner~',
    'owner',
    'messages>',
    'no>1',
  ])
    assert.throws(() => holds(condition, queue(1)), UsageError, condition);
});

test('durations, bytes, percentages and times are compared in their own units', () => {
  const idle = queue(1, { changeTime: NOW - 3600 });
  assert.deepEqual(
    [holds('idle>=1h', idle), holds('idle>1h', idle), holds('idle<61m', idle)],
    [true, false, true],
  );
  const full = queue(99, { maxBytes: 100, sendTime: NOW });
  assert.deepEqual(
    [holds('full<99.5%', full), holds('full>=99', full), holds('bytes<1K', full)],
    [true, true, true],
  );
  assert.equal(holds('limit=16K', queue(1, { maxBytes: 16_384 })), true);
  const time = new Date(NOW * 1000).toISOString();
  assert.deepEqual([holds(`sent=${time}`, full), holds(`sent<${time}`, full)], [true, false]);
  assert.equal(holds('idle<2h', queue(1, { sendTime: NOW - 3600 })), true);
  assert.equal(holds('full>=100', queue(0, { messages: 100 })), true, 'by the number of its messages');
  // 99.9 % is not full.
  const almost = queue(0, { bytes: 999, maxBytes: 1000 });
  assert.deepEqual([holds('full~100%', almost), holds('full~99%', almost)], [false, true]);
});

test('processes are compared by number, by what became of them, and by name', () => {
  const dead = spawnSync('true').pid;
  const entry = queue(1, { lastSendPid: dead, sendTime: NOW });
  assert.deepEqual([holds('last-sender=dead', entry), holds('last-sender=alive', entry)], [true, false]);
  assert.deepEqual(
    [holds(`last-sender=${dead}`, entry), holds(`last-sender=${dead + 1}`, entry)],
    [true, false],
  );
  const own = queue(1, { lastSendPid: process.pid, sendTime: Math.floor(Date.now() / 1000) });
  const { name = '' } = new Facts().processes.find(process.pid, Math.floor(Date.now() / 1000));
  assert.deepEqual([holds('last-sender=alive', own), holds(`last-sender=${name}`, own)], [true, true]);
  assert.deepEqual([holds('last-sender=never', queue(1)), holds('last-sender!=never', own)], [true, true]);
});

test('waiting is compared by letters; if no thread was seen, but one may be there, no condition holds', () => {
  const sender: BlockedThread = { pid: 1, tid: 1, call: 'msgsnd', queueId: 1 };
  const receiver: BlockedThread = { ...sender, call: 'msgrcv' };
  assert.equal(holds('waiting=S', queue(1), waitingIn(sender)), true);
  assert.equal(holds('waiting=R', queue(1), waitingIn(receiver)), true);
  assert.equal(holds('waiting=SR', queue(1), waitingIn(sender, receiver)), true);
  assert.equal(holds('waiting=S', queue(1), waitingIn(sender, receiver)), false);
  assert.equal(holds('waiting=-', queue(1)), true);
  const incomplete = { ...NONE_BLOCKED, complete: false };
  assert.deepEqual(
    [holds('waiting=-', queue(1), incomplete), holds('waiting!=-', queue(1), incomplete)],
    [false, false],
  );
  const elsewhere = queue(1, { lastReceivePid: 0, receiveTime: 5 });
  assert.equal(holds('waiting=-', elsewhere), false, 'its users are in another pid namespace');
  assert.equal(holds('waiting=-', queue(1, { lastSendPid: 0, sendTime: 5 })), false);
});

test('a segment has a flag, or none', () => {
  const segment: SegmentEntry = {
    ...{ key: 1, id: 1, mode: 0o600, uid: 0, gid: 0, creatorUid: 0, creatorGid: 0, changeTime: 1, bytes: 1 },
    ...{ dest: true, locked: false, attachments: 0, creatorPid: 1, lastPid: 0, attachTime: 0, detachTime: 0 },
  };
  const has = (condition: string, entry = segment): boolean =>
    parseConditions([condition], SEGMENT_COLUMNS, new Facts())(entry);
  assert.deepEqual([has('status=dest'), has('status=locked'), has('status=-')], [true, false, false]);
  assert.equal(has('status=-', { ...segment, dest: false }), true);
});

test('rows are sorted by the weightiest column first, each up or down, and what is not known stands last', () => {
  const sorted = (list: string, ...entries: QueueEntry[]): number[] => {
    sortEntries(entries, list, QUEUE_COLUMNS, new Facts());
    return entries.map(({ id }) => id);
  };
  const [a, b, c] = [queue(1), queue(2), queue(3, { mode: 0o400 })];
  assert.deepEqual(sorted('messages', c, a, b), [1, 2, 3]);
  assert.deepEqual(sorted('-messages', a, c, b), [3, 2, 1]);
  assert.deepEqual(sorted('mode,messages', a, b, c), [3, 1, 2]);
  assert.deepEqual(sorted('-mode,messages', c, b, a), [1, 2, 3]);
  const unknown = queue(9, { maxBytes: undefined });
  assert.deepEqual(sorted('limit', unknown, a), [9, 1].toReversed());
  assert.deepEqual(sorted('-limit', unknown, a), [1, 9]);
});
