import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { formatKey, GoneError, MessageQueue, SharedMemory } from '@timeq/mq-native';
import { beginSlotSegment, SLOT_STATE, slotKey } from '@timeq/mq-native/message-slots';
import { atEnd } from '../helpers/cleanup.js';
import { compileLibrary, preloaded, skipWherePreloaded } from '../helpers/compiled.js';
import { until } from '../helpers/deadline.js';
import { temporaryFolder } from '../helpers/folder.js';
import { interpose } from '../helpers/interpose.js';
import { freshKey } from '../helpers/keys.js';
import type { Exit } from '../helpers/process.js';
import { trackQueue } from '../helpers/tracking.js';
import { skipWithoutPower } from '../helpers/users.js';
import { contents } from './queue.js';
import { ipctools, startIpctools } from './support.js';
import { moveMessages } from '#ipctools/moving/move-messages';
import { Mover } from '#ipctools/moving/mover';
import { MoveSlot } from '#ipctools/moving/move-slot';

const skip = process.platform === 'linux' ? false : 'a child that sends needs Linux';

interface Scene {
  readonly from: MessageQueue;
  readonly to: MessageQueue;
  readonly names: readonly [from: string, to: string];
  readonly state: string;
  readonly run: (...words: string[]) => Promise<Exit>;
}

function scene(t: TestContext, ...messages: (readonly [type: number, body: string])[]): Scene {
  const keys = [freshKey(t), freshKey(t)] as const;
  const [from, to] = keys.map((key) => MessageQueue.create(key)) as [MessageQueue, MessageQueue];
  for (const [type, body] of messages) from.trySend(type, body);
  atEnd(t, () => {
    SharedMemory.list()
      .filter(({ key }) => key === slotKey(keys[0], 'move'))
      .forEach(({ id }) => SharedMemory.removeId(id));
  });
  const state = temporaryFolder(t);
  const run = (...words: string[]): Promise<Exit> =>
    ipctools(t, words, { env: { XDG_STATE_HOME: state }, input: '' });
  return { from, to, names: [formatKey(keys[0]), formatKey(keys[1])], state, run };
}

function segmentOf(from: MessageQueue): SharedMemory | undefined {
  const found = SharedMemory.list().find(({ key }) => key === slotKey(from.key ?? 0, 'move'));
  return found && SharedMemory.fromId(found.id);
}

test('move moves types and bodies in their order, and says where the copy is', { skip }, async (t) => {
  const { from, to, names, state, run } = scene(t, [5, 'a'], [7, ''], [5, 'c']);
  to.trySend(1, 'first');
  const { code, stdout } = await run('move', ...names, '--yes');
  assert.equal(code, 0);
  assert.match(stdout, /moved 3 messages\na copy of what was to be moved is in .*-move-\d+\.jsonl\n$/);
  assert.deepEqual([contents(from), contents(to)], [[], ['1 first', '5 a', '7 ', '5 c']]);
  assert.equal(readdirSync(`${state}/timeq/backups`).length, 1);
  assert.equal(segmentOf(from), undefined, 'nothing is left behind');
});

test('--type and --count choose, and the others stay in their order', { skip }, async (t) => {
  const { from, to, names, run } = scene(t, [5, 'a'], [7, 'b'], [5, 'c'], [2, 'd'], [5, 'e']);
  const options = ['--type', '5', '--count', '2', '--yes', '--no-backup', '--json'];
  const { stdout } = await run('mv', ...names, ...options);
  assert.deepEqual(
    [contents(from), contents(to)],
    [
      ['7 b', '2 d', '5 e'],
      ['5 a', '5 c'],
    ],
  );
  const { move } = JSON.parse(stdout) as { move: Record<string, unknown> };
  assert.deepEqual([move['moved'], move['end'], move['backup']], [2, 'complete', null]);
  assert.match(
    (await run('move', ...names, '--type', '-7', '--dry-run')).stdout,
    /would move 3 messages \(3 bytes\); nothing done/,
  );
});

test('wrong usage moves nothing', { skip }, async (t) => {
  const { from, names, run } = scene(t, [1, 'x']);
  const privateQueue = trackQueue(t, MessageQueue.createPrivate());
  privateQueue.trySend(1, 'y');
  for (const [words, exitCode, sentence] of [
    [[names[0], names[0], '-y'], 2, /both are queue \d+/],
    [[names[0]], 2, /missing required argument 'to'/],
    [[...names], 3, /cannot ask without a terminal/],
    [[...names, '--no-wait', '--timeout', '1s', '-y'], 2, /--timeout has no meaning/],
    [
      [String(privateQueue.id), names[1], '-y', '--no-backup'],
      1,
      /is private: after a kill, .*receive \d+ --all/,
    ],
  ] as const) {
    const { code, stderr } = await run('move', ...words);
    assert.equal(code, exitCode, stderr);
    assert.match(stderr, sentence);
  }
  assert.deepEqual([from.stat().messages, privateQueue.stat().messages], [1, 1]);
});

test('a message that never fits is refused before anything is moved', { skip }, async (t) => {
  const { from, to, names, run } = scene(t, [1, 'short'], [1, 'x'.repeat(100)]);
  to.set({ maxBytes: 50 });
  const { code, stderr } = await run('move', ...names, '--yes');
  assert.equal(code, 1);
  assert.match(
    stderr,
    /a message of 100 bytes never fits into queue \d+ .*, which may hold 50; nothing done/,
  );
  assert.deepEqual([from.stat().messages, to.stat().messages], [2, 0]);
});

test(
  'a full queue is waited for, or ends it with exit code 4 and the rest in its place',
  { skip },
  async (t) => {
    const { from, to, names, run } = scene(t, [1, 'aaaa'], [2, 'bbbb'], [3, 'cccc']);
    to.set({ maxBytes: 8 });
    const { code, stdout, stderr } = await run('move', ...names, '--no-wait', '--yes', '--no-backup');
    assert.deepEqual([code, stdout.split('\n').at(-2)], [4, 'moved 2 messages']);
    assert.match(stderr, /is full; the rest is in queue/);
    assert.deepEqual([contents(from), contents(to)], [['3 cccc'], ['1 aaaa', '2 bbbb']]);
    const waiting = startIpctools(t, ['move', ...names, '--yes', '--no-backup']);
    await until(() => segmentOf(from) !== undefined, 'the start of the move');
    to.tryReceive();
    assert.equal((await waiting.exit()).code, 0);
    assert.deepEqual([contents(from), contents(to)], [[], ['2 bbbb', '3 cccc']]);
  },
);

test('Ctrl-C while it waits for room leaves the rest in its place', { skip }, async (t) => {
  const { from, to, names } = scene(t, [1, 'aaaa'], [2, 'bbbb']);
  to.set({ maxBytes: 4 });
  const waiting = startIpctools(t, ['move', ...names, '--yes', '--no-backup']);
  await until(() => to.stat().messages === 1, 'the first message');
  const { code, stderr } = await waiting.killed('SIGINT');
  assert.equal(code, 130);
  assert.match(stderr, /interrupted; the rest is in queue/);
  assert.deepEqual([contents(from), segmentOf(from)], [['2 bbbb'], undefined]);
});

test('a move that is killed again and again moves each message once, in order', { skip }, async (t) => {
  const { from, to, names } = scene(t);
  const sent = Array.from(
    { length: 300 },
    (_, index) => `${1 + (index % 3)} ${'x'.repeat(index % 17)}${index}`,
  );
  // On a busy machine a move may be over before the kill.
  for (let kills = 0; kills < 4;) {
    for (const line of sent) from.sendSync(Number(line[0]), line.slice(2));
    for (let target = 3; from.stat().messages > 0 || segmentOf(from) !== undefined; target += 3) {
      const moving = startIpctools(t, ['move', ...names, '--yes', '--no-backup']);
      const exit = moving.exit();
      const ended = exit.then(() => true);
      while (to.stat().messages < Math.min(target, sent.length)) {
        if (await Promise.race([ended, new Promise((resolve) => setImmediate(resolve))])) break;
      }
      if (to.stat().messages < sent.length) {
        moving.kill('SIGKILL');
        kills += 1;
      }
      const { code, signal, stderr } = await exit;
      assert.ok(signal === 'SIGKILL' || code === 0, stderr);
    }
    assert.deepEqual(contents(to), sent);
    while (to.tryReceive() !== undefined);
  }
});

/** Leaves a slot as a kill would, and moves on. */
async function afterKill(
  place: Scene,
  leave: (slot: MoveSlot, mover: Mover) => void,
  ...options: string[]
): Promise<Exit> {
  const { from, to, names, run } = place;
  const slot = MoveSlot.open(from, 100);
  slot.destination = to.id;
  leave(slot, new Mover(slot, from, to));
  slot[Symbol.dispose]();
  return run('move', ...names, '--yes', '--no-backup', ...options);
}

test('a kill before the kernel has given the message leaves it in its queue', { skip }, async (t) => {
  const place = scene(t, [3, 'one'], [4, 'two']);
  await afterKill(place, ({ slot }) => {
    slot.want = 3;
    slot.type = 0n;
    slot.state = SLOT_STATE.taking;
  });
  assert.deepEqual([contents(place.from), contents(place.to)], [[], ['3 one', '4 two']]);
});

test(
  'a kill right after the kernel has given the message delivers it with its length',
  { skip },
  async (t) => {
    const place = scene(t, [3, 'one'], [4, 'two']);
    const { stderr } = await afterKill(place, (slot, mover) => {
      assert.ok(mover.take(mover.look(0) ?? assert.fail()));
      slot.slot.want = 3;
      slot.slot.state = SLOT_STATE.taking;
    });
    assert.match(stderr, /the message that an earlier move had left is moved now/);
    assert.deepEqual([contents(place.from), contents(place.to)], [[], ['3 one', '4 two']]);
  },
);

/** Receives as another program does that is faster, then as asked, and is killed before it returns. */
const KILLED_WHILE_RECEIVING = `
#include <dlfcn.h>
#include <signal.h>
#include <sys/msg.h>
#include <sys/types.h>
ssize_t msgrcv(int id, void *message, size_t bytes, long type, int flags) {
  ssize_t (*receive)(int, void *, size_t, long, int) = dlsym(RTLD_NEXT, "msgrcv");
  if (flags & MSG_COPY) return receive(id, message, bytes, type, flags);
  static struct { long type; char body[8192]; } other;
  receive(id, &other, sizeof other.body, type, IPC_NOWAIT);
  receive(id, message, bytes, type, flags);
  raise(SIGKILL);
  return -1;
}`;

test(
  'a kill while the kernel gives a message delivers that one, whole, though another one was looked at',
  { skip: skip || skipWherePreloaded },
  async (t) => {
    const { from, to, names, state, run } = scene(t, [3, 'taken by another program'], [3, 'this\0\0']);
    const env = { XDG_STATE_HOME: state, ...preloaded(compileLibrary(t, KILLED_WHILE_RECEIVING)) };
    const killed = await ipctools(t, ['move', ...names, '--yes'], { env, input: '' });
    assert.deepEqual([killed.signal, contents(from), contents(to)], ['SIGKILL', [], []]);
    assert.equal((await run('move', ...names, '--yes')).code, 0);
    assert.deepEqual(contents(to), ['3 this\0\0']);
    assert.equal(segmentOf(from), undefined);
  },
);

test('the overview tells of the message that a killed move has left', { skip }, async (t) => {
  const { from, to, names, run } = scene(t, [3, 'one']);
  const warnings = async (): Promise<unknown[]> => {
    const { overview } = JSON.parse((await run('--json')).stdout) as {
      overview: { warnings: { code: string; queueId?: number; sentence: string }[] };
    };
    return overview.warnings
      .filter(({ queueId }) => queueId === from.id)
      .map(({ code, sentence }) => [code, sentence]);
  };
  const slot = MoveSlot.open(from, 100);
  const mover = new Mover(slot, from, to);
  assert.ok(mover.take(mover.look(0) ?? assert.fail()));
  assert.deepEqual(await warnings(), [], 'it may still be moving');
  slot[Symbol.dispose]();
  const segment = segmentOf(from)?.id;
  const sentence = `a killed move left a message in segment ${segment}: \`ipctools move ${formatKey(from.key ?? 0)} QUEUE\``;
  assert.deepEqual(await warnings(), [['move-killed', sentence]]);
  assert.equal((await run('move', ...names, '--yes')).code, 0);
  assert.deepEqual([await warnings(), contents(to)], [[], ['3 one']]);
});

test('a kill before the child was started sends the message', { skip }, async (t) => {
  const place = scene(t, [3, 'one']);
  await afterKill(place, ({ slot }, mover) => {
    assert.ok(mover.take(mover.look(0) ?? assert.fail()));
    slot.pid = 0;
    slot.before = 0;
    slot.queue = place.to.id;
    slot.state = SLOT_STATE.sending;
  });
  assert.deepEqual(contents(place.to), ['3 one']);
});

test('a kill after the child has sent does not send again', { skip }, async (t) => {
  const place = scene(t, [3, 'one']);
  const { code } = await afterKill(place, ({ slot }, mover) => {
    assert.ok(mover.take(mover.look(0) ?? assert.fail()));
    // What follows a message of this process is sent by its child.
    place.to.sendSync(9, '');
    place.to.tryReceive();
    void mover.deliver({ until: 0, signal: new AbortController().signal });
    process.kill(slot.pid, 'SIGKILL');
    slot.state = SLOT_STATE.sending;
  });
  assert.deepEqual([code, contents(place.to)], [0, ['3 one']]);
});

test('a kill before the second child has sent sends the second message', { skip }, async (t) => {
  const place = scene(t, [3, 'one'], [3, 'two']);
  const { code } = await afterKill(place, ({ slot }, mover) => {
    assert.ok(mover.take(mover.look(0) ?? assert.fail()));
    void mover.deliver({ until: 0, signal: new AbortController().signal });
    assert.ok(mover.take(mover.look(0) ?? assert.fail()));
    slot.pid = 2 ** 30;
    slot.before = place.to.stat().lastSendPid;
    slot.queue = place.to.id;
    slot.state = SLOT_STATE.sending;
  });
  assert.deepEqual([code, contents(place.to)], [0, ['3 one', '3 two']]);
});

test('a message that found no room anywhere is in no doubt after a kill', { skip }, async (t) => {
  const place = scene(t, [3, 'one']);
  const killed = (_slot: MoveSlot, mover: Mover): void => {
    assert.ok(mover.take(mover.look(0) ?? assert.fail()));
    for (const size of [1000, 1]) while (place.from.trySend(9, Buffer.alloc(size)));
    assert.equal(mover.putBack(), false);
  };
  const { code } = await afterKill(place, killed, '--type', '3');
  assert.deepEqual([code, contents(place.to)], [0, ['3 one']]);
});

test('what cannot be known is said, kept, and decided by --in-doubt', { skip }, async (t) => {
  for (const [decision, arrives] of [
    ['again', true],
    ['skip', false],
  ] as const) {
    const place = scene(t, [3, 'one']);
    const { code, stderr } = await afterKill(place, ({ slot }, mover) => {
      assert.ok(mover.take(mover.look(0) ?? assert.fail()));
      // The child is gone, and another program has sent since.
      slot.pid = 2 ** 30;
      slot.before = 0;
      slot.queue = place.to.id;
      slot.state = SLOT_STATE.sending;
      place.to.trySend(9, 'from others');
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /whether its last message \(type 3, 3 bytes\) was sent to queue \d+ can't be known.*--in-doubt again or --in-doubt skip\n$/,
    );
    assert.notEqual(segmentOf(place.from), undefined);
    assert.equal((await place.run('move', ...place.names, '--yes', '--in-doubt', decision)).code, 0);
    assert.deepEqual(contents(place.to), ['9 from others', ...(arrives ? ['3 one'] : [])]);
    assert.equal(segmentOf(place.from), undefined);
  }
});

test('what was on its way into one queue does not end up in another', { skip }, async (t) => {
  const place = scene(t, [3, 'one']);
  const other = trackQueue(t, MessageQueue.createPrivate());
  const { code } = await afterKill(place, (_slot, mover) => {
    assert.ok(mover.take(mover.look(0) ?? assert.fail()));
  });
  assert.equal(code, 0);
  place.from.trySend(4, 'two');
  const slot = MoveSlot.open(place.from, 100);
  const mover = new Mover(slot, place.from, place.to);
  assert.ok(mover.take(mover.look(0) ?? assert.fail()));
  slot[Symbol.dispose]();
  const refused = await place.run('move', place.names[0], String(other.id), '--yes');
  assert.equal(refused.code, 1);
  assert.match(
    refused.stderr,
    /an earlier move was killed with a message in flight to queue \d+ .*: run `ipctools move \d+ \d+` first/,
  );
  place.to.remove();
  assert.equal((await place.run('move', place.names[0], String(other.id), '--yes')).code, 0);
  assert.deepEqual(contents(other), ['4 two']);
});

test(
  'a segment where the message would be kept stays, if another program may need it',
  { skip },
  async (t) => {
    const { from, names, run } = scene(t, [5, 'a']);
    const key = slotKey(from.key ?? 0, 'move');
    const segment = SharedMemory.create(key, { bytes: 9000 });
    const attachment = segment.attach();
    const refusal = new RegExp(
      `^ipctools: segment ${segment.id} .* remove it with .* if no program needs it`,
    );
    // Nothing but zeros, and in use.
    assert.match((await run('move', ...names, '--yes')).stderr, refusal);
    attachment.view(Uint8Array)[8] = 1;
    attachment.detach();
    assert.match((await run('move', ...names, '--yes')).stderr, refusal);
    assert.deepEqual([segment.stat().id, contents(from)], [segment.id, ['5 a']]);
  },
);

test('a segment that a killed move has not written to is made anew', { skip }, async (t) => {
  for (const begun of [false, true]) {
    const { from, to, names, run } = scene(t, [5, 'a']);
    const attachment = SharedMemory.create(slotKey(from.key ?? 0, 'move'), { bytes: 9000 }).attach();
    if (begun) beginSlotSegment(attachment.view(DataView));
    attachment.detach();
    assert.equal((await run('move', ...names, '--yes')).stderr, '');
    assert.deepEqual(contents(to), ['5 a']);
    assert.equal(segmentOf(from), undefined);
  }
});

test('nothing is taken for a queue that is full of empty messages', { skip }, async (t) => {
  const { from, to, names, run } = scene(t, [5, ''], [6, 'x']);
  to.set({ maxBytes: 2 });
  while (to.trySend(1, ''));
  assert.equal((await run('move', ...names, '--yes', '--no-wait')).code, 4);
  // What was taken and put back would be the last one.
  assert.deepEqual(contents(from), ['5 ', '6 x']);
});

test(
  'a message that another user left as one on its way is not sent',
  { skip: skip || skipWithoutPower() },
  async (t) => {
    const { from, to, names, run } = scene(t, [3, 'one']);
    const slot = MoveSlot.open(from, 100);
    slot.destination = to.id;
    const mover = new Mover(slot, from, to);
    assert.ok(mover.take(mover.look(0) ?? assert.fail()));
    slot[Symbol.dispose]();
    segmentOf(from)?.set({ uid: 54321 });
    const { code, stderr } = await run('move', ...names, '--yes', '--no-backup');
    assert.equal(code, 5);
    assert.match(
      stderr,
      /belongs to user 54321, who could read and change it; remove it with `ipctools remove -m \d+`/,
    );
    assert.deepEqual(contents(to), []);
  },
);

test('a signal ends a move between two messages', { skip }, async (t) => {
  const { from, to } = scene(t, [3, 'one'], [3, 'two'], [3, 'three']);
  using place = MoveSlot.open(from, 100);
  const signal = new AbortController();
  const patience = { until: Infinity, signal: signal.signal };
  const selection = { type: 0, count: 3 };
  const result = await moveMessages(new Mover(place, from, to), selection, patience, () => signal.abort());
  assert.deepEqual(result, { moved: 1, end: 'interrupted', stays: false });
  assert.deepEqual(contents(from), ['3 two', '3 three']);
});

test('a message in hand goes back if the other queue is removed', { skip }, async (t) => {
  const { from, to } = scene(t, [3, 'one']);
  interpose(t, Mover.prototype, 'take', ({ go }) => {
    const taken = go();
    to.remove();
    return taken;
  });
  using place = MoveSlot.open(from, 100);
  const patience = { until: Infinity, signal: new AbortController().signal };
  const selection = { type: 0, count: 1 };
  await assert.rejects(moveMessages(new Mover(place, from, to), selection, patience, assert.fail), GoneError);
  assert.deepEqual([contents(from), place.slot.isFree], [['3 one'], true]);
});

test('one move out of a queue at a time', { skip }, async (t) => {
  const { from, names, run } = scene(t, [3, 'one']);
  using slot = MoveSlot.open(from, 100);
  assert.ok(slot.slot.isFree);
  const { code, stderr } = await run('move', ...names, '--yes', '--no-backup');
  assert.equal(code, 1);
  assert.match(
    stderr,
    new RegExp(
      `^ipctools: process ${process.pid} moves messages out of queue ${from.id} .* already; nothing done\n$`,
    ),
  );
  assert.equal(from.stat().messages, 1);
});

test('a destination that is removed gives the message in hand back', { skip }, async (t) => {
  const { from, to, names } = scene(t, [1, 'aaaa'], [2, 'bbbb']);
  to.set({ maxBytes: 4 });
  const moving = startIpctools(t, ['move', ...names, '--yes', '--no-backup']);
  await until(() => to.stat().messages === 1, 'the first message');
  to.remove();
  const { code, stderr } = await moving.exit();
  assert.equal(code, 1);
  assert.match(stderr, /^ipctools: 1 message moved before this:\nipctools: E[A-Z]+: [^\n]*\n$/);
  assert.deepEqual([contents(from), segmentOf(from)], [['2 bbbb'], undefined]);
});
