import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { NatsConnection } from '@timeq/nats';
import { MessageQueue } from '@timeq/mq-native';
import { until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { skipWithoutNats, startNats } from '../helpers/nats.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { countsOf, replyIn } from '../nats/alarm-counts.js';
import { ask, connected, NO_CONTEXT, startTimeServer } from '../nats/support.js';

interface Turn {
  readonly turn: number;
  readonly skipped: number;
  readonly atNs: string;
  readonly subject: string;
}

/** Starts time-client over NATS. Its own timeout is for people: a busy machine may take longer. */
function startClient(t: TestContext, url: string, ...words: string[]): RunningProcess {
  const over = ['--nats', '--server', url, '--timeout', '1m'];
  return startNode(t, [bin('time-client'), ...words, ...over], { env: { ...NO_CONTEXT, TZ: 'UTC' } });
}

/** The turns of a client that has ended, which came once and in their order, each at its moment. */
async function turnsOf(client: RunningProcess, everyNs: bigint): Promise<Turn[]> {
  const { code, stdout, stderr } = await client.exit();
  assert.equal(code, 0, stderr);
  const lines = stdout.trim().split('\n');
  const turns = lines.map((line) => JSON.parse(line) as Turn);
  const first = BigInt(turns[0]?.atNs ?? 0);
  for (const [index, { turn, atNs, skipped }] of turns.entries()) {
    assert.deepEqual([turn, skipped], [index + 1, 0], stdout);
    assert.equal(BigInt(atNs), first + BigInt(index) * everyNs);
  }
  return turns;
}

/** The server that has an alarm. */
async function holder(
  connection: NatsConnection,
  servers: readonly RunningProcess[],
): Promise<RunningProcess> {
  let found: RunningProcess | undefined;
  await until(async () => {
    const pid = (await countsOf(connection)).find(({ alarms }) => alarms.pending > 0)?.pid;
    found = servers.find((server) => server.pid === pid);
    return found !== undefined;
  }, 'a server that has the alarm');
  return found as unknown as RunningProcess;
}

describe('alarms over NATS', { skip: skipWithoutNats() }, () => {
  it('ring where the answer to the request went, for any program', async (t) => {
    const nats = await startNats(t);
    await startTimeServer(t, nats.url);
    const connection = await connected(t, nats.url);
    const request = '{"timeq":1,"id":"a","ask":"alarm","every":"20000000","count":3}';
    const [answer, ...rings] = (await ask(connection, 'timeq.now', request, 4)).map(({ data }) =>
      replyIn(data),
    );
    assert.ok(answer?.kind === 'alarm' && /^[0-9A-F]{22}$/.test(answer.server ?? ''));
    for (const [index, ring] of rings.entries()) {
      assert.ok(ring.kind === 'ring');
      const { id, alarm, turn, at, next } = ring;
      assert.deepEqual([id, alarm, turn], ['a', answer.alarm, index + 1]);
      assert.equal(at, answer.next + BigInt(index) * 20_000_000n);
      assert.equal(next === undefined, index === 2);
    }
    assert.deepEqual((await countsOf(connection))[0]?.alarms.pending, 0);
  });

  it('at, in and every print what they print on a queue', async (t) => {
    const nats = await startNats(t);
    await startTimeServer(t, nats.url, '--clock', 'rate:60,from:2026-12-31T11:59:45Z');
    const at = await startClient(t, nats.url, 'at', '2026-12-31T12:00Z').exit();
    assert.deepEqual([at.code, at.stdout], [0, 'Thu Dec 31 12:00:00 2026\n'], at.stderr);
    const within = await startClient(t, nats.url, 'in', '5s', '--json').exit();
    assert.equal((JSON.parse(within.stdout) as Turn).subject, 'timeq');
    await turnsOf(startClient(t, nats.url, 'every', '1s', '--count', '3', '--json'), 1_000_000_000n);
    const cron = startClient(t, nats.url, 'every', '--cron', '* * * * *', '--count', '2', '--json');
    await turnsOf(cron, 60_000_000_000n);
  });

  it('are set again at another server when the one that has them is killed: no turn is missed or comes twice', async (t) => {
    const nats = await startNats(t);
    const servers = await Promise.all([0, 1, 2].map(() => startTimeServer(t, nats.url)));
    const connection = await connected(t, nats.url);
    const client = startClient(t, nats.url, 'every', '100ms', '--count', '60', '--json');
    await client.nextLine();
    for (let kill = 0; kill < 2; kill++) {
      await (await holder(connection, servers)).end();
      await client.waitFor(/the time server [0-9A-F]{22} is gone from NATS; waiting for one/, 'stderr');
      await client.waitFor(/the time server is back, and has the alarm again/, 'stderr');
    }
    assert.equal((await turnsOf(client, 100_000_000n)).length, 60);
  });

  it('are set again when NATS itself is killed, or all servers are', async (t) => {
    const nats = await startNats(t);
    const server = await startTimeServer(t, nats.url);
    const client = startClient(t, nats.url, 'every', '100ms', '--count', '20', '--json');
    await client.nextLine();
    await nats.end();
    await client.waitFor(/NATS is gone, and the alarms with it; waiting for one/, 'stderr');
    await nats.start();
    await client.waitFor(/the time server is back, and has the alarm again/, 'stderr');
    await server.end();
    await client.waitFor(/waiting for one/, 'stderr');
    await startTimeServer(t, nats.url);
    await turnsOf(client, 100_000_000n);
  });

  it('are set again at another server when the one that has them is stopped, whose alarm then ends', async (t) => {
    const nats = await startNats(t);
    const servers = await Promise.all([0, 1].map(() => startTimeServer(t, nats.url)));
    const connection = await connected(t, nats.url);
    const client = startClient(t, nats.url, 'every', '100ms', '--count', '40', '--json');
    await client.nextLine();
    const stopped = await holder(connection, servers);
    stopped.kill('SIGSTOP');
    await client.waitFor(/no answer at timeq\.[0-9A-F]{22}\.now within 2s.*waiting for one/, 'stderr');
    await client.waitFor(/the time server is back, and has the alarm again/, 'stderr');
    stopped.kill('SIGCONT');
    await turnsOf(client, 100_000_000n);
    await until(
      async () => (await countsOf(connection)).every(({ alarms }) => alarms.pending === 0),
      'the end of all alarms',
    );
  });

  it('are set at another server if the one that is asked is stopped, and ring once', async (t) => {
    const nats = await startNats(t);
    const servers = await Promise.all([0, 1].map(() => startTimeServer(t, nats.url)));
    const connection = await connected(t, nats.url);
    const stopped = servers[0] as RunningProcess;
    stopped.kill('SIGSTOP');
    // NATS asks either, by chance: that it never asks the stopped one is as likely as 1 in 256.
    const clients = Array.from({ length: 8 }, () => startClient(t, nats.url, 'in', '100ms', '--json'));
    for (const client of clients) {
      const { code, stdout, stderr } = await client.exit();
      assert.deepEqual([code, stdout.trim().split('\n').length, stderr], [0, 1, '']);
    }
    stopped.kill('SIGCONT');
    await until(
      async () => (await countsOf(connection)).every(({ alarms }) => alarms.pending === 0),
      'the end of all alarms',
    );
  });

  it('end when their client is cancelled or killed', async (t) => {
    const nats = await startNats(t);
    const server = await startTimeServer(t, nats.url);
    const connection = await connected(t, nats.url);
    const pending = async (): Promise<number | undefined> => (await countsOf(connection))[0]?.alarms.pending;
    const cancelled = startClient(t, nats.url, 'every', '1h');
    await until(async () => (await pending()) === 1, 'an alarm');
    assert.equal((await cancelled.killed('SIGINT')).code, 0);
    assert.equal(await pending(), 0);
    const killed = startClient(t, nats.url, 'every', '100ms', '--json');
    await killed.nextLine();
    await killed.end();
    await server.waitFor(/no client took \d+ messages? of alarms: those alarms have ended/);
    const [{ alarms } = {}] = await countsOf(connection);
    assert.deepEqual([alarms?.pending, alarms?.dropped], [0, 1]);
  });

  it('count together with those of the queue, and outlive it', async (t) => {
    const nats = await startNats(t);
    const key = freshKey(t);
    const server = await startTimeServer(t, nats.url, '--nats', '--key', String(key));
    const connection = await connected(t, nats.url);
    const over = startClient(t, nats.url, 'every', '1h');
    const beside = startNode(t, [bin('time-client'), '--key', String(key), 'in', '1h']);
    const pending = async (): Promise<number | undefined> => (await countsOf(connection))[0]?.alarms.pending;
    await until(async () => (await pending()) === 2, 'two alarms');
    await beside.end();
    MessageQueue.open(key).remove();
    await server.waitFor(/created queue \d+ in its place/, 'stderr');
    assert.equal(await pending(), 1);
    assert.equal((await over.killed('SIGINT')).code, 0);
    assert.equal(await pending(), 0);
  });

  it('say in one sentence that there is no server, or that it may not be asked', async (t) => {
    const nats = await startNats(t, {
      configuration:
        'authorization { users = [ { user: server, password: s }, ' +
        '{ user: some, password: s, permissions: { publish: ["timeq.now"], subscribe: "_INBOX.>" } } ] }',
    });
    const as = (user: string): string => `nats://${user}:s@127.0.0.1:${nats.port}`;
    const none = await runNode(t, [bin('time-client'), 'in', '1s', '--nats', '--server', as('server')], {
      env: NO_CONTEXT,
    });
    assert.equal(none.code, 3);
    assert.match(none.stderr, /^time-client: no time server listens at timeq\.now [^\n]*\n$/);
    await startTimeServer(t, as('server'));
    const { code, stderr } = await startClient(t, as('some'), 'in', '1h').exit();
    assert.equal(code, 5, stderr);
    assert.match(stderr, /^time-client: [^\n]*timeq\.[0-9A-F]{22}\.now[^\n]*\n$/);
  });
});
