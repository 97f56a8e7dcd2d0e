import assert from 'node:assert/strict';
import test from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { skipWithout } from '../helpers/foreign.js';
import { startSnippet } from '../helpers/node.js';
import { alarmsAt, untilPending } from './alarms.js';
import {
  ownServer,
  startClassicServer,
  startServer,
  startTimeClient,
  timeClient,
  untilMessages,
} from './support.js';

interface Turn {
  readonly at: string;
  readonly atNs: string;
  readonly turn: number;
  readonly lateNs: number;
}

function turnsIn(stdout: string): Turn[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Turn);
}

test("at prints the time when the server's clock shows it", async (t) => {
  const { key } = await ownServer(t, ['--clock', 'rate:60,from:2026-12-31T11:59:45Z']);
  const text = await timeClient(t, key, ['at', '2026-12-31T12:00Z']);
  assert.deepEqual([text.code, text.stdout], [0, 'Thu Dec 31 12:00:00 2026\n']);
  const json = await timeClient(t, key, ['at', '2026-12-31T12:00:30Z', '--json', '--zone', 'Asia/Tokyo']);
  const [turn] = turnsIn(json.stdout);
  assert.equal(turn?.at, '2026-12-31T21:00:30.000000000+09:00');
  assert.ok(turn.turn === 1 && turn.lateNs >= 0);
});

const MOMENTS: readonly (readonly [words: readonly string[], zone: string, at: string])[] = [
  [['12:00'], 'UTC', '2026-10-24T12:00:00.000000000Z'],
  [['9:59:59.5'], 'UTC', '2026-10-25T09:59:59.500000000Z'],
  [['today', '23:00'], 'Europe/Berlin', '2026-10-24T23:00:00.000000000+02:00'],
  [['tomorrow', '9:30'], 'Europe/Berlin', '2026-10-25T09:30:00.000000000+01:00'],
  [['tomorrow 2:30'], 'Europe/Berlin', '2026-10-25T02:30:00.000000000+02:00'],
  [['2026-10-25'], 'America/New_York', '2026-10-25T00:00:00.000000000-04:00'],
  [['2026-10-24T15:00:00+03:30'], 'UTC', '2026-10-24T11:30:00.000000000Z'],
  [['@1792843200'], 'UTC', '2026-10-24T12:00:00.000000000Z'],
];

test('times are read in the zone, and those without a date are the next ones', async (t) => {
  const key = freshKey(t);
  const clock = 'fixed:2026-10-24T10:00Z';
  await startServer(t, key, ['--clock', clock, '--allow-set-clock']);
  const clients = MOMENTS.map(([words, zone]) =>
    startTimeClient(t, key, ['at', ...words, '--zone', zone, '--json']),
  );
  await untilPending(key, MOMENTS.length);
  const setter = [
    'import { MessageQueue } from "@timeq/mq-native";',
    'const queue = MessageQueue.open(Number(process.argv[1]));',
    'const clock = "fixed:2026-10-26T00:00Z";',
    'await queue.send(1, JSON.stringify({ timeq: 1, id: 1, replyTo: 2 ** 32, ask: "set-clock", clock }));',
    'await queue.receive({ type: 2 ** 32 });',
  ].join('\n');
  assert.equal((await startSnippet(t, setter, [key]).exit()).code, 0);
  for (const [index, client] of clients.entries()) {
    const { stdout } = await client.exit();
    assert.equal(turnsIn(stdout)[0]?.at, MOMENTS[index]?.[2], MOMENTS[index]?.[0].join(' '));
  }
});

test('in returns after a while by the clock of the server, every prints so many turns', async (t) => {
  const { key } = await ownServer(t, ['--clock', 'rate:60']);
  const once = await timeClient(t, key, ['in', '10s', '--json']);
  assert.deepEqual([once.code, turnsIn(once.stdout).length], [0, 1]);
  const { code, stdout } = await timeClient(t, key, ['every', '10s', '--count', '3', '--json']);
  assert.equal(code, 0);
  const turns = turnsIn(stdout);
  assert.deepEqual(
    turns.map(({ turn }) => turn),
    [1, 2, 3],
  );
  const [first = 0n, ...later] = turns.map(({ atNs }) => BigInt(atNs));
  assert.deepEqual(later, [first + 10n ** 10n, first + 2n * 10n ** 10n]);
});

test('a pattern of cron is followed in its zone, over the end of summer time', async (t) => {
  const { key } = await ownServer(t, ['--clock', 'rate:1000000,from:2026-10-23T08:00Z']);
  const cron = ['every', '--cron', '0 9 * * 1-5', '--zone', 'Europe/Berlin', '--count', '3', '--json'];
  const { code, stdout, stderr } = await timeClient(t, key, cron);
  assert.equal(code, 0, stderr);
  const turns = turnsIn(stdout);
  assert.deepEqual(
    turns.map(({ turn }) => turn),
    [1, 2, 3],
  );
  for (const { at } of turns) {
    assert.match(at, /T09:00:00\.0+\+01:00$/);
    assert.ok(![0, 6].includes(new Date(at.slice(0, 10)).getUTCDay()), at);
  }
});

test('Ctrl-C cancels the alarm at the server; every then ends with 0, and at by the signal', async (t) => {
  const { key } = await ownServer(t);
  const every = startTimeClient(t, key, ['every', '1h']);
  const at = startTimeClient(t, key, ['at', 'tomorrow', '9:30']);
  await untilPending(key, 2);
  assert.equal((await every.killed('SIGINT')).code, 0);
  assert.equal((await alarmsAt(key)).pending, 1);
  assert.equal((await at.killed('SIGINT')).signal, 'SIGINT');
  assert.equal((await alarmsAt(key)).pending, 0);
});

test('a server that is killed is noticed, and the alarm is set again: no turn is missed or comes twice', async (t) => {
  const key = freshKey(t);
  let server = await startServer(t, key);
  const client = startTimeClient(t, key, ['every', '500ms', '--json']);
  await client.nextLine();
  for (let kill = 0; kill < 2; kill++) {
    await server.end();
    await client.waitFor(/the time server at key \S+ .*(?:is gone|died|dead).*waiting for one/, 'stderr');
    server = await startServer(t, key);
    await client.waitFor(/the time server is back, and has the alarm again/, 'stderr');
  }
  const { length } = client.stdout;
  await until(() => client.stdout.length > length, 'a turn that the last server rings');
  const { code, stdout, stderr } = await client.killed('SIGINT');
  assert.equal(code, 0);
  // Once a server, however often it looks for the next one.
  assert.equal(stderr.match(/waiting for one/g)?.length, 2, stderr);
  const turns = turnsIn(stdout);
  assert.deepEqual(
    turns.map(({ turn }) => turn),
    turns.map((_, index) => index + 1),
  );
  const first = BigInt(turns[0]?.atNs ?? 0);
  for (const { turn, atNs } of turns) assert.equal(BigInt(atNs), first + BigInt(turn - 1) * 500_000_000n);
});

test('an alarm that the server ended while its client was stopped is set again when the client goes on', async (t) => {
  const { key } = await ownServer(t);
  const client = startTimeClient(t, key, ['every', '100ms', '--count', '5', '--json']);
  await client.nextLine();
  client.kill('SIGSTOP');
  await until(async () => (await alarmsAt(key)).dropped > 0, 'a message to be dropped');
  assert.equal((await alarmsAt(key)).pending, 0);
  const { code, stdout, stderr } = await client.killed('SIGCONT');
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    turnsIn(stdout).map(({ turn }) => turn),
    [1, 2, 3, 4, 5],
  );
});

test('an alarm that the server ended before its only turn was read rings when its client goes on', async (t) => {
  const { key } = await ownServer(t);
  const client = startTimeClient(t, key, ['in', '1s', '--json']);
  await untilPending(key, 1);
  // It has read the answer.
  await untilMessages(key, 0);
  client.kill('SIGSTOP');
  await until(async () => (await alarmsAt(key)).dropped > 0, 'a message to be dropped');
  const { code, stdout, stderr } = await client.killed('SIGCONT');
  assert.equal(code, 0, stderr);
  assert.equal(turnsIn(stdout).length, 1);
});

test('an alarm is set again in the queue that a server makes in place of a removed one', async (t) => {
  const { key } = await ownServer(t);
  const client = startTimeClient(t, key, ['every', '100ms', '--count', '5', '--json']);
  await client.nextLine();
  MessageQueue.open(key).remove();
  const { code, stdout, stderr } = await client.exit();
  assert.equal(code, 0, stderr);
  assert.deepEqual(
    turnsIn(stdout).map(({ turn }) => turn),
    [1, 2, 3, 4, 5],
  );
});

test('without a server alarms end with exit code 3, and a classic one is told to have none', async (t) => {
  const key = freshKey(t);
  assert.equal((await timeClient(t, key, ['in', '1s'])).code, 3);
  assert.equal((await timeClient(t, key, ['at', '12:00'])).code, 3);
});

test('a classic server has no alarms', { skip: skipWithout('python') }, async (t) => {
  const key = freshKey(t);
  await startClassicServer(t, key);
  const { code, stderr } = await timeClient(t, key, ['in', '1s']);
  assert.equal(code, 1);
  assert.match(stderr, /gives no sign of life, so it is a classic one, and has no alarms\n$/);
});

test('what is no time, no duration or no pattern is refused before a server is asked', async (t) => {
  const key = freshKey(t);
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['at', '25:00'], /'25:00' is not a time; write it as 12:00/],
    [['at', '2026-02-30'], /is not a time/],
    [['at', '9:30', 'tomorrow'], /is not a time/],
    [['in', '5'], /'5' is not a duration/],
    [['in', '0'], /'0' is too short; an alarm takes 1ms or more/],
    [['every', '115741d'], /'115741d' is too long; an alarm takes 115740d at most/],
    [['every'], /give either a time between two turns, such as 10s, or --cron/],
    [['every', '1s', '--cron', '* * * * *'], /give either/],
    [['every', '--cron', '61 * * * *'], /--cron does not take '61 \* \* \* \*'/],
  ];
  for (const [words, sentence] of wrong) {
    const { code, stderr } = await timeClient(t, key, words);
    assert.equal(code, 2, `${words.join(' ')}: ${stderr}`);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split('\n').length, 1);
  }
});

test('a moment that the protocol can not write is refused in one sentence', async (t) => {
  const { key } = await ownServer(t);
  for (const moment of ['2290-01-01', '0001-01-01']) {
    const { code, stderr } = await timeClient(t, key, ['at', moment]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^time-client: '[\d-]+' is out of range; an alarm rings from 1654 to 2285; [^\n]*\n$/,
    );
  }
});
