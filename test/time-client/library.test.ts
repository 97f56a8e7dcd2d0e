import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { IpcError, Liveness, MessageQueue, SemaphoreSet, type LivenessState } from '@timeq/mq-native';
import {
  ClientError,
  TimeClient,
  watchTime,
  type ClientErrorCode,
  type ConnectOptions,
} from '@timeq/time-client';
import { parseRequest } from '@timeq/time-protocol';
import { atEnd } from '../helpers/cleanup.js';
import { deadline, hangMilliseconds, until } from '../helpers/deadline.js';
import { interpose, type Call } from '../helpers/interpose.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { runSnippet, startSnippet } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { untilBlocked } from '../helpers/threads.js';
import { trackQueue } from '../helpers/tracking.js';
import { freeze, nextRequest, ownServer, startServer, startTimeClient, untilMessages } from './support.js';

function connect(t: TestContext, key: number, options: ConnectOptions = {}): TimeClient {
  const client = TimeClient.connect(key, { timeout: hangMilliseconds, ...options });
  atEnd(t, () => client.close());
  return client;
}

/** At a queue that a test made nothing says that the server is Timeq's. */
const ADDRESSED: ConnectOptions = { ask: 'addressed' };

function coded(code: ClientErrorCode) {
  return (error: unknown): boolean => error instanceof ClientError && error.code === code;
}

test('requests under way at once are answered each for itself, at one message type', async (t) => {
  const { key, server } = await ownServer(t);
  const client = connect(t, key);
  await freeze(server);
  const asked = [client.now(), client.status(), client.now(), client.status()] as const;
  await untilMessages(key, 4);
  const requests = [...MessageQueue.open(key).peekAll()].map(({ body }) => parseRequest(body));
  const addressed = requests.filter((request) => request.kind === 'addressed');
  assert.equal(addressed.length, 4);
  assert.equal(new Set(addressed.map(({ replyTo }) => replyTo)).size, 1);
  assert.equal(new Set(addressed.map(({ id }) => id)).size, 4);
  server.kill('SIGCONT');
  const [first, second, third, fourth] = await Promise.all(asked);
  assert.ok(first.dialect === 'addressed' && third.dialect === 'addressed');
  assert.ok(first.time <= third.time);
  assert.ok(second.dialect === 'addressed' && fourth.dialect === 'addressed');
  assert.equal((fourth.status.served?.status ?? 0) - (second.status.served?.status ?? 0), 1);
});

test('two clients draw different message types', async (t) => {
  const key = freshKey(t);
  trackQueue(t, MessageQueue.create(key));
  const clients = [connect(t, key, ADDRESSED), connect(t, key, ADDRESSED)];
  const asked = clients.map((client) => client.now().catch(() => undefined));
  await untilMessages(key, 2);
  const types = [...MessageQueue.open(key).peekAll()].map(({ body }) => {
    const request = parseRequest(body);
    assert.ok(request.kind === 'addressed');
    return request.replyTo;
  });
  assert.notEqual(types[0], types[1]);
  clients.forEach((client) => client.close());
  await Promise.all(asked);
});

test('an answer that comes after the timeout is not taken for the next request’s', async (t) => {
  const { key, server } = await ownServer(t);
  const client = connect(t, key);
  await freeze(server);
  await assert.rejects(client.now({ timeout: 50 }), coded('TIMED_OUT'));
  server.kill('SIGCONT');
  const before = (await client.status()) as { status: { served: { addressed: number } } };
  assert.equal(before.status.served.addressed, 1);
  const answer = await client.now();
  assert.equal(answer.dialect, 'addressed');
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test('close cancels pending requests, and no more can be made', async (t) => {
  const key = freshKey(t);
  await freeze(await startServer(t, key));
  const client = connect(t, key);
  const waiting = assert.rejects(client.now(), coded('CLOSED'));
  await untilMessages(key, 1);
  client.close();
  await deadline(waiting, 'the end of the request');
  await assert.rejects(client.now(), coded('CLOSED'));
});

test('close takes a late answer out of the queue', async (t) => {
  const { key, server } = await ownServer(t);
  const client = connect(t, key);
  await freeze(server);
  await assert.rejects(client.now({ timeout: 50 }), coded('TIMED_OUT'));
  const reader = MessageQueue.open(key);
  const request = parseRequest((await reader.receive({ type: 1 })).body);
  assert.ok(request.kind === 'addressed');
  await reader.send(request.replyTo, 'late');
  assert.equal(queueAt(key)?.['qnum'], 1);
  client.close();
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test('aborting a signal ends a request with an AbortError that has the reason for its cause', async (t) => {
  const key = freshKey(t);
  await freeze(await startServer(t, key));
  const client = connect(t, key);
  const controller = new AbortController();
  const asked = client.now({ signal: controller.signal });
  await untilMessages(key, 1);
  controller.abort('enough');
  await assert.rejects(asked, { name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
  await assert.rejects(client.now({ signal: AbortSignal.abort() }), { name: 'AbortError' });
});

test('a refusal is an error with the server’s own words', async (t) => {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const client = connect(t, key, ADDRESSED);
  const asked = assert.rejects(
    client.now(),
    (error) => coded('REFUSED')(error) && /Not today \(CLOSED\)/.test(String(error)),
  );
  const { id, replyTo } = await nextRequest(queue);
  const error = { code: 'CLOSED', message: 'Not today' };
  await queue.send(replyTo, JSON.stringify({ timeq: 1, id, error }));
  await asked;
});

test('a server’s text cannot control the terminal', async (t) => {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const client = startTimeClient(t, key, ['now', '--ask', 'addressed']);
  const { id, replyTo } = await nextRequest(queue);
  const error = { code: '\u001b[2J', message: '\u001b[31mno\n' };
  await queue.send(replyTo, JSON.stringify({ timeq: 1, id, error }));
  const { code, stderr } = await client.exit();
  assert.equal(code, 1);
  assert.equal(stderr, 'time-client: the time server refused: \\x1b[31mno\\n (\\x1b[2J)\n');
});

test('a request without a timeout waits', async (t) => {
  const { key, server } = await ownServer(t);
  const client = connect(t, key, { timeout: Infinity });
  await freeze(server);
  const asked = [client.now(), client.now({ timeout: 2 ** 40 })];
  await untilMessages(key, 2);
  server.kill('SIGCONT');
  await Promise.all(asked);
});

test('replies that are no replies are passed over', async (t) => {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const client = connect(t, key, ADDRESSED);
  const asked = client.now();
  const { id, replyTo } = await nextRequest(queue);
  const reply = { timeq: 1, id, time: '5', received: '3', sent: '4', asctime: 'whenever' };
  for (const body of [
    '',
    'nonsense',
    '{"timeq":1}',
    JSON.stringify({ ...reply, id: 99 }),
    JSON.stringify(reply),
  ]) {
    await queue.send(replyTo, body);
  }
  const answer = await asked;
  assert.ok(answer.dialect === 'addressed');
  assert.deepEqual([answer.time, answer.received, answer.sent, answer.asctime], [5n, 3n, 4n, 'whenever']);
});

test('a reply at type 3 that belongs to others stays theirs once the server answered at the client’s own type', async (t) => {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const client = connect(t, key, ADDRESSED);
  const asked = client.now();
  const { id, replyTo } = await nextRequest(queue);
  await queue.send(
    replyTo,
    JSON.stringify({ timeq: 1, id, time: '5', received: '3', sent: '4', asctime: 'x' }),
  );
  await asked;
  assert.equal(client.dialect, 'addressed');
  await queue.send(3, 'for another client');
  const again = client.now();
  const second = await nextRequest(queue);
  const reply = { timeq: 1, id: second.id, time: '6', received: '3', sent: '4', asctime: 'x' };
  await queue.send(replyTo, JSON.stringify(reply));
  await again;
  assert.equal(queue.tryReceive({ type: 3 })?.body.toString(), 'for another client');
});

test('a process that has its answer ends by itself though the client was not closed', async (t) => {
  const { key } = await ownServer(t);
  const source = `import { TimeClient } from '@timeq/time-client';
    const client = TimeClient.connect(Number(process.argv[1]), { timeout: ${hangMilliseconds} });
    console.log((await client.now()).dialect);`;
  const { code, stdout } = await runSnippet(t, source, [key]);
  assert.deepEqual([code, stdout], [0, 'addressed\n']);
});

test('watchTime tells of the server’s end once, and of the next one’s beginning', async (t) => {
  const { key, server } = await ownServer(t);
  let next: Promise<unknown> | undefined;
  const kinds: string[] = [];
  for await (const event of watchTime(key, { interval: 10, count: 3, timeout: hangMilliseconds })) {
    kinds.push(event.kind);
    if (kinds.length === 1) await server.end();
    // Turns pass until it is up.
    if (event.kind === 'gone') next ??= startServer(t, key);
  }
  await next;
  assert.deepEqual(kinds, ['time', 'gone', 'back', 'time', 'time']);
});

test('watchTime throws what goes wrong before the first answer', async (t) => {
  const key = freshKey(t);
  await assert.rejects(watchTime(key).next(), coded('NO_QUEUE'));
});

test('watchTime skips the turns that pass while an answer is awaited, and does not make up for them', async (t) => {
  const { key, server } = await ownServer(t);
  const interval = 100;
  const told: number[] = [];
  for await (const event of watchTime(key, { interval, count: 7, timeout: hangMilliseconds })) {
    assert.equal(event.kind, 'time');
    told.push(performance.now());
    if (told.length !== 1) continue;
    await freeze(server);
    setTimeout(() => server.kill('SIGCONT'), 20 * interval);
  }
  const [, late = 0] = told;
  // The five turns after it are an interval each: the first may come at once.
  assert.ok((told.at(-1) ?? 0) - late > 3 * interval, `told at ${told.join(', ')}`);
});

test('a request without an end waits without a warning of Node’s', async (t) => {
  const { key, server } = await ownServer(t);
  await freeze(server);
  const source = `import { TimeClient } from '@timeq/time-client';
    const client = TimeClient.connect(Number(process.argv[1]), { timeout: 2 ** 40 });
    console.log((await client.now()).dialect);`;
  const asked = runSnippet(t, source, [key]);
  await untilMessages(key, 1);
  server.kill('SIGCONT');
  const { stdout, stderr } = await asked;
  assert.deepEqual([stdout, stderr], ['addressed\n', '']);
});

test('the removal of the queue ends a request, and a stop that was not sent', async (t) => {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const client = connect(t, key, ADDRESSED);
  const asked = assert.rejects(client.now(), coded('QUEUE_REMOVED'));
  await untilBlocked('msgrcv');
  queue.remove();
  await asked;
  await assert.rejects(client.stop(), coded('QUEUE_REMOVED'));
});

test('a client whose wait could not be started is answered the next time', async (t) => {
  const { key } = await ownServer(t);
  const client = connect(t, key);
  const EAGAIN = 11;
  const fail = (): Promise<never> =>
    Promise.reject(new IpcError(EAGAIN, { syscall: 'pthread_create', object: 'queue' }));
  interpose(t, MessageQueue.prototype, 'receive', fail, 1);
  await assert.rejects(client.now(), { code: 'EAGAIN' });
  assert.equal((await client.now()).dialect, 'addressed');
});

test('a server is watched while a request waits, and no longer', async (t) => {
  const { key, server } = await ownServer(t);
  const client = connect(t, key);
  await freeze(server);
  const asked = client.now();
  await untilBlocked('semtimedop');
  server.kill('SIGCONT');
  await asked;
  await untilBlocked('semtimedop', process.pid, 0);
});

test('a server that follows one that died is watched in its place', async (t) => {
  const key = freshKey(t);
  const queue = trackQueue(t, MessageQueue.create(key));
  const servers = [1, 2].map(() =>
    startSnippet(
      t,
      `import { Liveness } from '@timeq/mq-native';
      process.stdin.once('data', () => {
        Liveness.claim(Number(process.argv[1]), { mode: 0o600 });
        console.log('claimed');
      });`,
      [key],
    ),
  );
  const claim = async (server: RunningProcess | undefined): Promise<void> => {
    server?.write('now\n');
    await server?.waitFor('claimed');
  };
  await claim(servers[0]);
  const client = connect(t, key);
  const next = async ({ go }: Call): Promise<void> => {
    await (go() as Promise<void>);
    await claim(servers[1]);
  };
  interpose(t, Liveness, 'died', next, 1);
  const asked = assert.rejects(
    client.now(),
    (error) => coded('SERVER_DIED')(error) && String(error).includes(`pid ${servers[1]?.pid}`),
  );
  await untilMessages(key, 1);
  await untilBlocked('semtimedop');
  servers[0]?.kill('SIGKILL');
  await until(() => {
    const liveness = Liveness.check(key);
    return liveness.state === 'alive' && liveness.pid === servers[1]?.pid;
  }, 'the claim of the next one');
  await untilBlocked('semtimedop');
  servers[1]?.kill('SIGKILL');
  await asked;
  assert.equal(queue.stat().messages, 1);
});

test('a server that is killed is reported though its sign of life could not be judged at the last look', async (t) => {
  const { key, server } = await ownServer(t);
  const client = connect(t, key);
  await freeze(server);
  const orders = trackQueue(t, MessageQueue.createPrivate());
  // While a process waits for an increase, the set may follow another convention.
  const stranger = startSnippet(
    t,
    `import { MessageQueue, SemaphoreSet } from '@timeq/mq-native';
    const [orders, key] = process.argv.slice(1).map(Number);
    const set = SemaphoreSet.open(key);
    console.log('ready');
    MessageQueue.fromId(orders).receiveSync();
    set.operateSync([{ delta: -2 }]);`,
    [orders.id, key],
  );
  await stranger.waitFor('ready');
  const set = SemaphoreSet.open(key);
  const seen: string[] = [];
  interpose(t, Liveness, 'check', ({ go }) => {
    if (seen.length === 1) {
      orders.sendSync(1, '');
      while (set.waitingForIncrease() === 0);
    }
    const liveness = go() as LivenessState;
    seen.push(liveness.state);
    return liveness;
  });
  const asked = assert.rejects(
    client.now(),
    (error) => coded('SERVER_DIED')(error) && String(error).includes(`pid ${server.pid}`),
  );
  await until(() => set.waitingForZero() === 1, 'a client that watches the server');
  assert.deepEqual(seen, ['alive', 'foreign']);
  await stranger.end();
  server.kill('SIGKILL');
  await asked;
});

test('a process that waits for an answer lives on for it, also after it had waited for none', async (t) => {
  const { key, server } = await ownServer(t);
  const program = startSnippet(
    t,
    `import { TimeClient } from '@timeq/time-client';
    const client = TimeClient.connect(Number(process.argv[1]), { timeout: ${hangMilliseconds} });
    await client.now();
    process.stdin.once('data', async () => {
      process.stdin.destroy();
      console.log((await client.now()).dialect);
    });
    console.log('answered');`,
    [key],
  );
  await program.waitFor('answered');
  await freeze(server);
  program.write('again\n');
  await untilMessages(key, 1);
  server.kill('SIGCONT');
  const { code, stdout } = await program.exit();
  assert.deepEqual([code, stdout], [0, 'answered\naddressed\n']);
});
