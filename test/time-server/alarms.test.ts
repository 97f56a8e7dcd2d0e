import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { wallClock, type MessageQueue } from '@timeq/mq-native';
import {
  buildRequest,
  type AlarmAsk,
  type AlarmPlan,
  type AlarmReply,
  type Reply,
  type Ring,
  type ServerStatus,
} from '@timeq/time-protocol';
import { until } from '../helpers/deadline.js';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import { freshType } from '../helpers/keys.js';
import { blocksIn } from '../docs/markdown.js';
import { askStatus, openQueue, ownServer, readReply, receive } from './server.js';

const SECOND = 1_000_000_000n;
const HOUR = 3600n * SECOND;

/** Asks at a type, and returns the reply. */
async function askAt(queue: MessageQueue, replyTo: number, ask: AlarmAsk): Promise<Reply> {
  await queue.send(1, buildRequest({ id: 'a', replyTo, ...ask }));
  return readReply(await receive(queue, replyTo));
}

async function setAlarm(queue: MessageQueue, replyTo: number, plan: AlarmPlan): Promise<AlarmReply> {
  const reply = await askAt(queue, replyTo, { ask: 'alarm', plan });
  assert.ok(
    reply.kind === 'alarm',
    JSON.stringify(reply, (_name, value: unknown) => String(value)),
  );
  return reply;
}

async function ringAt(queue: MessageQueue, type: number): Promise<Ring> {
  const reply = readReply(await receive(queue, type));
  assert.ok(reply.kind === 'ring');
  return reply;
}

async function untilCounts(
  queue: MessageQueue,
  is: (counts: ServerStatus['alarms']) => boolean,
  what: string,
): Promise<void> {
  await until(async () => is((await askStatus(queue)).alarms), what);
}

async function served(t: TestContext, options: readonly string[] = []) {
  const { key, server } = await ownServer(t, options);
  return { key, server, queue: openQueue(t, key), type: freshType() };
}

test('an alarm rings once, when the clock of the server shows its moment and not before', async (t) => {
  const { queue, type } = await served(t);
  const at = wallClock() + SECOND / 5n;
  const { alarm, next } = await setAlarm(queue, type, { at });
  assert.equal(next, at);
  const ring = await ringAt(queue, type);
  assert.deepEqual({ ...ring, sent: 0n }, { kind: 'ring', id: 'a', alarm, turn: 1, at, sent: 0n });
  assert.ok(ring.sent >= at && wallClock() >= at);
  const { pending, rung } = (await askStatus(queue)).alarms;
  assert.deepEqual({ pending, rung }, { pending: 0, rung: 1 });
});

/** Sets ten alarms, and one that is cancelled, before the first is due: a busy machine needs more time for that. */
async function setInDisorder(t: TestContext) {
  for (let lead = SECOND / 2n; lead < 100n * SECOND; lead *= 4n) {
    const { queue, type } = await served(t);
    const start = wallClock() + lead;
    const moments = [5n, 2n, 8n, 1n, 9n, 3n, 7n, 4n, 6n, 0n].map((part) => start + part * 1_000_000n);
    const kinds: string[] = [];
    for (const at of moments) kinds.push((await askAt(queue, type, { ask: 'alarm', plan: { at } })).kind);
    const last = await askAt(queue, type, { ask: 'alarm', plan: { at: start + 2_500_000n } });
    if (last.kind === 'alarm') {
      const { kind } = await askAt(queue, type, { ask: 'cancel', alarm: last.alarm });
      if (wallClock() < start) {
        assert.deepEqual([...kinds, kind], [...moments.map(() => 'alarm'), 'cancel']);
        return { queue, type, moments };
      }
    }
  }
  return assert.fail('the alarms were not set in time');
}

test('alarms ring in the order of their moments, whatever the order in which they were set', async (t) => {
  const { queue, type, moments } = await setInDisorder(t);
  for (const at of moments.toSorted((one, other) => Number(one - other))) {
    assert.equal((await ringAt(queue, type)).at, at);
  }
  assert.equal((await askStatus(queue)).alarms.pending, 0);
});

test('a repeating alarm has turns of its own moments until the last, which says so', async (t) => {
  const { queue, type } = await served(t);
  const from = wallClock() + SECOND / 10n;
  const every = 20_000_000n;
  await setAlarm(queue, type, { every, from, count: 4 });
  for (let turn = 1; turn <= 4; turn++) {
    const ring = await ringAt(queue, type);
    const at = from + BigInt(turn - 1) * every;
    assert.deepEqual([ring.turn, ring.at, ring.next], [turn, at, turn < 4 ? at + every : undefined]);
  }
  assert.equal((await askStatus(queue)).alarms.pending, 0);
});

test('turns that are due already ring at once, each of them; of more than 100 the last 100', async (t) => {
  const { queue, type } = await served(t);
  const from = wallClock() - HOUR;
  await setAlarm(queue, type, { every: SECOND, from, count: 3 });
  for (let turn = 1; turn <= 3; turn++) assert.equal((await ringAt(queue, type)).turn, turn);
  await setAlarm(queue, type, { every: SECOND, from, count: 1000 });
  for (let turn = 901; turn <= 1000; turn++) {
    const ring = await ringAt(queue, type);
    assert.deepEqual([ring.turn, ring.skipped], [turn, turn === 901 ? 900 : undefined]);
    assert.equal(ring.at, from + BigInt(turn - 1) * SECOND);
  }
  const { late, dropped } = (await askStatus(queue)).alarms;
  assert.deepEqual({ late, dropped }, { late: 103, dropped: 900 });
});

test('a client sees and cancels its own alarms only', async (t) => {
  const { queue, type } = await served(t);
  const at = wallClock() + HOUR;
  const other = freshType();
  const { alarm } = await setAlarm(queue, other, { at });
  const own: number[] = [];
  for (let count = 0; count < 40; count++) own.push((await setAlarm(queue, type, { at })).alarm);
  const first = await askAt(queue, type, { ask: 'alarms' });
  assert.ok(first.kind === 'alarms' && first.more);
  const rest = await askAt(queue, type, { ask: 'alarms', after: first.alarms.at(-1)?.alarm });
  assert.ok(rest.kind === 'alarms' && !rest.more);
  assert.deepEqual(
    [...first.alarms, ...rest.alarms].map((each) => each.alarm),
    own,
  );
  const refused = await askAt(queue, type, { ask: 'cancel', alarm });
  assert.ok(refused.kind === 'error' && refused.error.code === 'NO_ALARM');
  const cancelled = await askAt(queue, type, { ask: 'cancel' });
  assert.ok(cancelled.kind === 'cancel' && cancelled.cancelled === 40);
  assert.equal((await askStatus(queue)).alarms.pending, 1);
});

test('a client may have 1000 alarms; the next one is refused with a sentence that says so', async (t) => {
  const { queue, type } = await served(t);
  const plan = { at: wallClock() + HOUR };
  for (let count = 0; count < 1000; count++) await setAlarm(queue, type, plan);
  const refused = await askAt(queue, type, { ask: 'alarm', plan });
  assert.ok(refused.kind === 'error' && refused.error.code === 'TOO_MANY_ALARMS');
  assert.match(refused.error.message, /^this client has 1000 alarms, the most that one may have$/);
  await setAlarm(queue, freshType(), plan);
});

test('an alarm whose message is not read ends, and is counted', async (t) => {
  const { queue, type, server } = await served(t);
  await setAlarm(queue, type, { every: 100_000_000n });
  await untilCounts(queue, ({ pending, dropped }) => pending === 0 && dropped > 0, 'the end of the alarm');
  await server.waitFor(/no client took \d+ messages? of alarms: those alarms have ended/);
});

test('an alarm whose message finds no room ends, and is counted', async (t) => {
  const { queue, type, server } = await served(t);
  await setAlarm(queue, type, { every: 20n * SECOND, from: wallClock() + SECOND / 2n });
  // Another program's messages, which the server leaves alone.
  const { maxBytes } = queue.stat();
  for (let left = maxBytes; left > 0; left -= 8192) queue.sendSync(4, Buffer.alloc(Math.min(8192, left)));
  await server.waitFor(/the queue is full and its messages are not read: dropped 1 reply/, 'stderr');
  while (queue.tryReceive({ type: 4 }) !== undefined);
  const { pending, rung, dropped } = (await askStatus(queue)).alarms;
  assert.deepEqual({ pending, rung, dropped }, { pending: 0, rung: 1, dropped: 1 });
});

test('alarms end with a queue that another program removes', async (t) => {
  const { key, queue, type, server } = await served(t);
  await setAlarm(queue, type, { at: wallClock() + HOUR });
  queue.remove();
  await server.waitFor(/created queue \d+ in its place/, 'stderr');
  const { alarms } = await askStatus(openQueue(t, key));
  assert.deepEqual(alarms, { pending: 0, rung: 0, late: 0, dropped: 1 });
});

test('alarms follow a test clock: an hour of rate:3600 takes a second', async (t) => {
  const { queue, type } = await served(t, ['--clock', 'rate:3600,from:2026-12-31T23:00Z']);
  const newYear = 1_798_761_600n * SECOND;
  await setAlarm(queue, type, { at: newYear });
  const { at, sent, clock } = await ringAt(queue, type);
  assert.equal(at, newYear);
  // By the machine's own clock the wait would end as a hang.
  assert.ok(sent >= newYear);
  assert.equal(clock?.name, 'rate:3600,from:2026-12-31T23:00Z');
});

test('a clock that is set forward rings what is due and nothing else; one that is set back, nothing', async (t) => {
  const { queue, type } = await served(t, ['--clock', 'fixed:2026-12-31T12:00Z', '--allow-set-clock']);
  const noon = 1_798_718_400n * SECOND;
  for (const hours of [3n, 1n, 2n]) await setAlarm(queue, type, { at: noon + hours * HOUR });
  const setClock = async (clock: string): Promise<void> => {
    const replyTo = freshType();
    await queue.send(1, JSON.stringify({ timeq: 1, id: 'set', replyTo, ask: 'set-clock', clock }));
    assert.equal(readReply(await receive(queue, replyTo)).kind, 'time');
  };
  await setClock('fixed:2026-12-31T11:00Z');
  assert.equal((await askStatus(queue)).alarms.pending, 3);
  await setClock('fixed:2026-12-31T14:30Z');
  assert.equal((await ringAt(queue, type)).at, noon + HOUR);
  assert.equal((await ringAt(queue, type)).at, noon + 2n * HOUR);
  const { pending, rung } = (await askStatus(queue)).alarms;
  assert.deepEqual({ pending, rung }, { pending: 1, rung: 2 });
  await setClock('machine');
  assert.equal((await askStatus(queue)).alarms.pending, wallClock() >= noon + 3n * HOUR ? 0 : 1);
});

test('an alarm rings when its moment comes after the clock was set going', async (t) => {
  const { queue, type } = await served(t, ['--clock', 'fixed:2026-12-31T12:00Z', '--allow-set-clock']);
  const at = 1_798_718_400n * SECOND + HOUR;
  await setAlarm(queue, type, { at });
  const replyTo = freshType();
  const clock = 'rate:36000,from:2026-12-31T12:00Z';
  await queue.send(1, JSON.stringify({ timeq: 1, id: 'set', replyTo, ask: 'set-clock', clock }));
  assert.equal(readReply(await receive(queue, replyTo)).kind, 'time');
  assert.equal((await ringAt(queue, type)).at, at);
});

test('an alarm rings at its moment though the server waits for a later one', async (t) => {
  const { queue, type } = await served(t);
  await setAlarm(queue, freshType(), { at: wallClock() + HOUR });
  // After the ring it waits for the one in an hour. The second moment is later than a busy machine needs to set it.
  for (const later of [SECOND / 10n, 2n * SECOND]) {
    const { alarm } = await setAlarm(queue, type, { at: wallClock() + later });
    assert.equal((await ringAt(queue, type)).alarm, alarm);
  }
});

test('an alarm that repeats rings a period after it was asked for', async (t) => {
  const { queue, type } = await served(t);
  const every = SECOND / 5n;
  const { received, next } = await setAlarm(queue, type, { every, count: 1 });
  assert.equal(next, received + every);
  assert.equal((await ringAt(queue, type)).at, next);
});

for (const language of ['python', 'perl', 'php'] as const) {
  test(
    `the lines of docs/alarm-protocol.md wake a client in ${language}`,
    { skip: skipWithout(language) },
    async (t) => {
      const { key } = await served(t, ['--clock', 'rate:60']);
      const block = blocksIn('docs/alarm-protocol.md').find(
        (each) => each.language === language && each.text.includes('alarm'),
      );
      assert.ok(block !== undefined);
      assert.ok(block.text.trim().split('\n').length <= 7, 'a few lines');
      const program = block.text.replaceAll(/(?<=\()128\b/g, String(key));
      const { code, stdout, stderr } = await startPeer(t, language, program).exit();
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
      const ring = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
      assert.equal(typeof ring['at'], 'string', stdout);
      assert.ok(!('next' in ring), 'the last turn');
    },
  );
}
