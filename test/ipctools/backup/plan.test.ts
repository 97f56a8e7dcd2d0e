import assert from 'node:assert/strict';
import test from 'node:test';
import type { QueueEntry } from '@timeq/mq-native';
import {
  planRestore,
  type Circumstances,
  type CopiedEntry,
  type Destination,
  type QueueCopy,
} from '@timeq/ipctools';
import { presentCircumstances } from '#ipctools/backup/plan-restore';

const powerless = {
  ...presentCircumstances().capabilities,
  ipcOwner: false,
  sysAdmin: false,
  sysResource: false,
};

const self = { uid: 1000, gid: 2000 };
const stranger = { uid: 1001, gid: 2001 };

function circumstances(queues: readonly QueueEntry[], others: Partial<Circumstances> = {}): Circumstances {
  return {
    queues,
    maxMessageBytes: 100,
    maxQueueBytes: 1000,
    maxQueues: 3,
    ...self,
    capabilities: powerless,
    ...others,
  };
}

function entry(fields: Partial<QueueEntry> = {}): QueueEntry {
  return {
    key: 0x80,
    id: 7,
    mode: 0o600,
    ...self,
    creatorUid: self.uid,
    creatorGid: self.gid,
    sequence: 0,
    messages: 0,
    bytes: 0,
    maxBytes: 1000,
    sendTime: 0,
    receiveTime: 0,
    changeTime: 0,
    lastSendPid: 0,
    lastReceivePid: 0,
    ...fields,
  } as QueueEntry;
}

function copy(bodies: readonly string[], fields: Partial<CopiedEntry> = {}): QueueCopy {
  const messages = bodies.map((body) => ({ type: 1, body: Buffer.from(body) }));
  return { entry: entry({ messages: bodies.length, ...fields }), messages };
}

function obstacles(
  copies: readonly QueueCopy[],
  present: Circumstances,
  destination: Destination = { to: 'same key' },
): string[] {
  return planRestore(copies, destination, present).flatMap((plan) => plan.obstacles);
}

test('two queues of one key need a choice, and private ones do not', () => {
  const pair = (key: number): QueueCopy[] => [copy([], { key, id: 1 }), copy([], { key, id: 2 })];
  assert.deepEqual(obstacles(pair(0x80), circumstances([])), [
    'the file has two queues for key 0x00000080; choose one with -q ID',
  ]);
  assert.deepEqual(obstacles(pair(0), circumstances([])), []);
});

test('as many queues as kernel.msgmni allows leave no room for a new one', () => {
  const other = (key: number): QueueEntry => entry({ key, id: key });
  const two = [other(1), other(2)];
  assert.deepEqual(obstacles([copy([])], circumstances(two)), []);
  assert.deepEqual(obstacles([copy([])], circumstances([...two, other(3)])), [
    'there are 3 queues, and kernel.msgmni allows no more',
  ]);
});

test('the queues of one file count against kernel.msgmni together', () => {
  const there = [entry({ key: 1, id: 1 }), entry({ key: 2, id: 2 })];
  const two = [copy([], { key: 0x80 }), copy([], { key: 0x81 })];
  assert.equal(obstacles(two, circumstances(there)).length, 1);
  assert.deepEqual(obstacles(two, circumstances(there, { maxQueues: 4 })), []);
});

test('a queue that holds messages is not filled, and how many they are is said', () => {
  const there = entry({ messages: 1, bytes: 0 });
  for (const destination of [{ to: 'same key' }, { to: 'queue', id: there.id }] as const) {
    assert.deepEqual(obstacles([copy(['one'])], circumstances([there]), destination), [
      'queue 7 (key 0x00000080) is there already and holds 1 message',
    ]);
  }
});

test('each message takes a byte of room at the least, as the kernel counts', () => {
  const there = entry({ maxBytes: 3 });
  const into = { to: 'queue', id: there.id } as const;
  assert.deepEqual(obstacles([copy(['', '', ''])], circumstances([there]), into), []);
  assert.match(
    obstacles([copy(['', '', '', ''])], circumstances([there]), into).join(),
    /^it needs room for 4 bytes, and queue 7 \(key 0x00000080\) has 3$/,
  );
});

test('a message as large as kernel.msgmax goes in, and a larger one does not', () => {
  assert.deepEqual(obstacles([copy(['x'.repeat(100)])], circumstances([])), []);
  assert.deepEqual(obstacles([copy(['x'.repeat(101)])], circumstances([])), [
    'it has a message of 101 bytes, and kernel.msgmax allows 100',
  ]);
});

test('a limit above kernel.msgmnb takes a capability', () => {
  const large = [copy([], { maxBytes: 1001 })];
  const mighty = circumstances([], { capabilities: { ...powerless, sysResource: true } });
  assert.match(obstacles(large, circumstances([])).join(), /needs CAP_SYS_RESOURCE$/);
  assert.deepEqual(obstacles(large, mighty), []);
});

/** Who the queue belongs to, who made it, its mode, and whether this user may write to it. */
const permissions: readonly [string, Partial<QueueEntry>, number, boolean][] = [
  ['the owner', {}, 0o200, true],
  ['the owner', {}, 0o466, false],
  ['its maker', { ...stranger, creatorGid: stranger.gid }, 0o200, true],
  ['its maker', { ...stranger, creatorGid: stranger.gid }, 0o066, false],
  ['its group', { uid: stranger.uid, creatorUid: stranger.uid, creatorGid: stranger.gid }, 0o020, true],
  ['its group', { uid: stranger.uid, creatorUid: stranger.uid, creatorGid: stranger.gid }, 0o602, false],
  ["its maker's group", { ...stranger, creatorUid: stranger.uid }, 0o020, true],
  ["its maker's group", { ...stranger, creatorUid: stranger.uid }, 0o602, false],
  ['others', { ...stranger, creatorUid: stranger.uid, creatorGid: stranger.gid }, 0o002, true],
  ['others', { ...stranger, creatorUid: stranger.uid, creatorGid: stranger.gid }, 0o660, false],
];

for (const [who, owners, mode, may] of permissions) {
  test(`mode 0${mode.toString(8).padStart(3, '0')} ${may ? 'lets' : 'does not let'} ${who} write to the queue`, () => {
    const there = entry({ ...owners, mode });
    const into = { to: 'queue', id: there.id } as const;
    const expected = may ? [] : ['this user may not write to queue 7 (key 0x00000080)'];
    assert.deepEqual(obstacles([copy(['one'])], circumstances([there]), into), expected);
    const mighty = circumstances([there], { capabilities: { ...powerless, ipcOwner: true } });
    assert.deepEqual(obstacles([copy(['one'])], mighty, into), []);
  });
}

test("a stranger's queue at the key is not filled, as its mode and limit can't be set", () => {
  const there = entry({ ...stranger, creatorUid: stranger.uid, creatorGid: stranger.gid, mode: 0o666 });
  assert.match(obstacles([copy(['one'])], circumstances([there])).join(), /belongs to another user/);
  const mine = entry({ ...stranger, mode: 0o666 });
  assert.deepEqual(obstacles([copy(['one'])], circumstances([mine])), []);
});
