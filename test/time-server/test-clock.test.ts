import assert from 'node:assert/strict';
import test from 'node:test';
import { wallClock, type MessageQueue } from '@timeq/mq-native';
import { buildReply, parseReply, type Reply, type TimeReply } from '@timeq/time-protocol';
import { Answerer, TestClock, type Clocks } from '@timeq/time-server';
import { skipWithoutCommands } from '../helpers/commands.js';
import { until } from '../helpers/deadline.js';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import { freshKey, freshType } from '../helpers/keys.js';
import { bin, runNode } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { blocksIn } from '../docs/markdown.js';
import {
  ask,
  askClassic,
  askStatus,
  openQueue,
  ownServer,
  readReply,
  receive,
  startServer,
} from './server.js';

const HOUR = 3_600_000_000_000n;

async function askTime(queue: MessageQueue): Promise<TimeReply> {
  const reply = await ask(queue);
  assert.ok(reply.kind === 'time');
  return reply;
}

async function setClock(queue: MessageQueue, clock: unknown): Promise<Reply> {
  const replyTo = freshType();
  await queue.send(1, JSON.stringify({ timeq: 1, id: 'set', replyTo, ask: 'set-clock', clock }));
  return readReply(await receive(queue, replyTo));
}

test('a fixed clock tells every client the same moment', async (t) => {
  const key = freshKey(t);
  const clock = 'fixed:2026-12-31T23:59:50.5Z';
  const server = await startServer(t, key, ['--clock', clock], { env: { TZ: 'UTC' } });
  const queue = openQueue(t, key);
  assert.match(server.stdout, /with the clock fixed:2026-12-31T23:59:50\.5Z and not the machine's; stop/);
  for (let times = 0; times < 2; times++) {
    assert.equal(await askClassic(queue), 'Thu Dec 31 23:59:50 2026');
    const { time, received, sent, clock: its } = await askTime(queue);
    assert.deepEqual(new Set([time, received, sent]), new Set([1_798_761_590_500_000_000n]));
    assert.equal(its?.name, clock);
  }
});

test('a clock with an offset is ahead of the machine by exactly that', async (t) => {
  const { queue } = await ownServer(t, ['--clock', 'offset:-1h0.5s']);
  const before = wallClock();
  const { received, sent, clock } = await askTime(queue);
  const after = wallClock();
  const offset = -HOUR - 500_000_000n;
  assert.ok(before + offset <= received && received <= sent && sent <= after + offset);
  assert.ok(clock !== undefined && before <= clock.machine && clock.machine <= after);
});

test('a clock with a rate goes so many times as fast, from the moment that it was given', async (t) => {
  const key = freshKey(t);
  const started = process.hrtime.bigint();
  await startServer(t, key, ['--clock', 'rate:60,from:@1000000000']);
  const queue = openQueue(t, key);
  const first = await askTime(queue);
  const between = process.hrtime.bigint();
  assert.ok(first.time >= 1_000_000_000_000_000_000n);
  assert.ok(first.time <= 1_000_000_000_000_000_000n + 60n * (between - started));
  await until(() => process.hrtime.bigint() - between > 20_000_000n, 'some time to pass');
  const before = process.hrtime.bigint();
  const second = await askTime(queue);
  const after = process.hrtime.bigint();
  assert.ok(second.time - first.time >= 60n * (before - between));
  assert.ok(second.time - first.time <= 60n * (after - started));
});

test('a client is told by status and by --json that the clock is not the machine’s', async (t) => {
  const { key } = await ownServer(t, ['--clock', 'offset:+1h30m']);
  const client = async (...words: string[]): Promise<string> =>
    (await runNode(t, [bin('time-client'), '--key', String(key), ...words])).stdout;
  assert.match(await client('status'), /^ {2}clock {7}offset:\+1h30m, not the machine's$/m);
  for (const verb of ['status', 'now']) {
    const { clock } = JSON.parse(await client(verb, '--json')) as { clock?: string };
    assert.equal(clock, 'offset:+1h30m', verb);
  }
});

test('a server with the machine’s clock says nothing of it', async (t) => {
  const { key, server } = await ownServer(t, ['--clock', 'machine']);
  const before = wallClock();
  const { clock, sent } = await askTime(openQueue(t, key));
  assert.equal(clock, undefined);
  assert.ok(before <= sent && sent <= wallClock());
  assert.doesNotMatch(server.stdout, /with the clock/);
});

test('clients set the clock only where the server allows it', async (t) => {
  const firm = freshKey(t);
  await startServer(t, firm);
  const refused = await setClock(openQueue(t, firm), 'offset:+1h');
  assert.ok(refused.kind === 'error');
  assert.equal(refused.error.code, 'NOT_ALLOWED');

  const { queue } = await ownServer(t, ['--allow-set-clock']);
  assert.equal((await askTime(queue)).clock, undefined);
  const set = await setClock(queue, 'fixed:@5');
  assert.ok(set.kind === 'time');
  assert.deepEqual([set.time, set.clock?.name], [5_000_000_000n, 'fixed:@5']);
  for (const wrong of ['later', 'offset:', 'rate:0', 'fixed:2026-02-30', undefined, 7, 'x'.repeat(1000)]) {
    const reply = await setClock(queue, wrong);
    assert.ok(reply.kind === 'error', String(wrong));
    assert.equal(reply.error.code, 'BAD_CLOCK');
    assert.equal((await askTime(queue)).time, 5_000_000_000n);
  }
  await setClock(queue, 'machine');
  assert.equal((await askTime(queue)).clock, undefined);
});

test(
  'the lines of docs/test-clock.md set the clock from Python',
  { skip: skipWithout('python') },
  async (t) => {
    const { key } = await ownServer(t, ['--allow-set-clock'], { env: { TZ: 'UTC' } });
    const block = blocksIn('docs/test-clock.md').find(({ language }) => language === 'python');
    assert.ok(block !== undefined);
    const program = block.text.replace('MessageQueue(200)', `MessageQueue(${key})`);
    const { code, stdout, stderr } = await startPeer(t, 'python', program).exit();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const { asctime } = JSON.parse(stdout) as { asctime: string };
    assert.equal(asctime, 'Thu Dec 31 23:59:59 2026');
    assert.equal(await askClassic(openQueue(t, key)), asctime);
  },
);

test('a clock that is none is one sentence and exit code 2', async (t) => {
  const key = String(freshKey(t));
  for (const clock of [
    ' ',
    'now',
    'fixed:',
    'fixed:12:00',
    'offset:1',
    'offset:1y',
    'rate:-1',
    'rate:1e9',
    'rate:2,from:x',
  ]) {
    const { code, stderr } = await runNode(t, [bin('time-server'), '--key', key, '--clock', clock]);
    assert.equal(code, 2, clock);
    assert.match(stderr, /^time-server: '.*' is not a clock; write it as fixed:[^\n]*\n$/);
  }
});

for (const zone of ['UTC', 'Europe/Berlin', 'America/St_Johns']) {
  test(`moments are those of date(1) in ${zone}`, { skip: skipWithoutCommands('date') }, async (t) => {
    const texts = [
      '2026-12-31',
      '2026-12-31T23:59',
      '2026-07-01 12:30:15',
      '2026-07-01T12:30:15.123456789Z',
      '2026-07-01T12:30:15+05:30',
      '2026-07-01T12:30:15-0330',
      '1969-12-31T23:59:59.5Z',
      '2024-02-29T00:00',
      '@1795165740.25',
      '@-1.5',
    ];
    const env = { TZ: zone, LC_ALL: 'C' };
    const script = `import { TestClock } from '@timeq/time-server';
      for (const text of process.argv.slice(1)) console.log(String(new TestClock('fixed:' + text).wall()));`;
    const ours = await runNode(t, ['--input-type=module', '-e', script, ...texts], { env });
    const theirs: string[] = [];
    for (const text of texts) {
      const { stdout } = await run(t, 'date', ['-d', text, '+%s %N'], { env });
      const [seconds = '', nanoseconds = ''] = stdout.trim().split(' ');
      theirs.push(String(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)));
    }
    assert.deepEqual(ours.stdout.trim().split('\n'), theirs, ours.stderr);
  });
}

test('a clock stops at the last moment that 64 bits of nanoseconds hold', () => {
  assert.equal(new TestClock('offset:+200000d').wall(), 2n ** 63n - 1n);
  assert.equal(new TestClock('offset:-200000d').wall(), -(2n ** 63n - 1n));
});

test('unread replies age by the machine, however fast the clock goes', () => {
  const now = { wall: 0n, steady: 0n, machine: 0n };
  const clocks: Clocks = {
    wall: () => now.wall,
    steady: () => now.steady,
    asctime: (second) => `text of second ${second}`,
    other: () => ({ name: 'rate:1000', machine: now.machine }),
  };
  const answerer = new Answerer(clocks, '1', { maxReplyBytes: () => 8192, status: () => assert.fail() });
  const classic = Buffer.from(answerer.classicBody(now.wall));
  const addressed = Buffer.from(answerer.timeBody(1, now.wall, now.wall));
  for (const milliseconds of [0n, 1n, 500n]) {
    Object.assign(now, {
      wall: milliseconds * 1_000_000_000n,
      steady: milliseconds * 1_000_000n,
      machine: milliseconds * 1_000_000n,
    });
    assert.equal(answerer.ageOf(addressed, false), Number(milliseconds));
  }
  // It was found replaced when it was looked at first.
  assert.equal(answerer.ageOf(classic, true), 0);
  now.wall += 1_000_000_000n;
  now.steady += 1_000_000_000n;
  assert.equal(answerer.ageOf(classic, true), 1000);
  assert.equal(answerer.ageOf(Buffer.from('a stranger’s'), true), Infinity);
});

test('a reply that its client does not read is taken back with a fixed clock, too', async (t) => {
  const { queue } = await ownServer(t, ['--clock', 'fixed:@0']);
  await queue.send(1, JSON.stringify({ timeq: 1, id: 1, replyTo: freshType() }));
  for (;;) {
    const { lost } = await askStatus(queue);
    if (lost.unread === 1) break;
  }
});

test('a reply keeps its clock when it is written and read; what is no clock is passed over', () => {
  const moments = { time: 1n, received: 2n, sent: 3n, asctime: 'x' };
  const reply: Reply = { kind: 'time', id: 1, ...moments, clock: { name: 'fixed:"1"', machine: 4n } };
  assert.deepEqual(parseReply(buildReply(reply)), reply);
  for (const clock of [
    'null',
    '7',
    '{}',
    '{"name":1,"machine":"1"}',
    `{"name":"${'x'.repeat(65)}","machine":"1"}`,
  ]) {
    const body = `{"timeq":1,"id":1,"time":"1","received":"2","sent":"3","clock":${clock},"asctime":"x"}`;
    assert.deepEqual(parseReply(Buffer.from(body)), { kind: 'time', id: 1, ...moments }, clock);
  }
});
