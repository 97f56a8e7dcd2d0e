import assert from 'node:assert/strict';
import test from 'node:test';
import { ClientError, TimeClient } from '@timeq/time-client';
import { MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { skipWithout } from '../helpers/foreign.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { ASCTIME, freeze, ownServer, startClassicServer, timeClient } from './support.js';

const skip = skipWithout('python');

test('now falls back to a classic server’s answer by itself', { skip }, async (t) => {
  const key = freshKey(t);
  await startClassicServer(t, key);
  const { code, stdout, stderr } = await timeClient(t, key, ['now']);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.match(stdout.trimEnd(), ASCTIME);
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test('--classic is answered by a classic server', { skip }, async (t) => {
  const key = freshKey(t);
  await startClassicServer(t, key);
  const { code, stdout } = await timeClient(t, key, ['now', '--classic']);
  assert.equal(code, 0);
  assert.match(stdout.trimEnd(), ASCTIME);
});

test('--classic is answered by Timeq’s server too', async (t) => {
  const { key } = await ownServer(t);
  const { code, stdout } = await timeClient(t, key, ['now', '--classic', '--json']);
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as { dialect: string }).dialect, 'classic');
});

test('eight clients at once are all answered by a classic server', { skip }, async (t) => {
  const key = freshKey(t);
  await startClassicServer(t, key);
  const ways = Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? ['now'] : ['now', '--classic']));
  const exits = await Promise.all(ways.map((way) => timeClient(t, key, way)));
  for (const { code, stdout } of exits) {
    assert.equal(code, 0);
    assert.match(stdout.trimEnd(), ASCTIME);
  }
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test(
  'a classic reply is read as local time where another format is wanted, with a remark',
  { skip },
  async (t) => {
    const key = freshKey(t);
    await startClassicServer(t, key, ['say', 'Fri Jul  3 09:09:00 2026']);
    const { code, stdout, stderr } = await timeClient(t, key, ['now', '--format', 'iso'], {
      TZ: 'Europe/Berlin',
    });
    assert.deepEqual([code, stdout], [0, '2026-07-03T09:09:00.000000000+02:00\n']);
    assert.match(stderr, /whole seconds and no zone.*Europe\/Berlin/);
    const json = await timeClient(t, key, ['now', '--json', '--zone', 'UTC'], { TZ: 'Europe/Berlin' });
    const answer = JSON.parse(json.stdout) as Record<string, unknown>;
    assert.equal(answer['time'], '2026-07-03T07:09:00.000000000Z');
    assert.equal(answer['precision'], 'second');
    assert.equal(answer['asctime'], 'Fri Jul  3 09:09:00 2026');
    assert.equal(answer['receivedNs'], null);
  },
);

test(
  'a classic reply that is no asctime is printed as it is, but not in another format',
  { skip },
  async (t) => {
    const key = freshKey(t);
    await startClassicServer(t, key, ['say', 'half past nine\n']);
    assert.equal((await timeClient(t, key, ['now'])).stdout, 'half past nine\n');
    const { code, stdout, stderr } = await timeClient(t, key, ['now', '--format', 'unix']);
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /"half past nine", which is not asctime/);
  },
);

test('a classic reply cannot control the terminal', { skip }, async (t) => {
  const key = freshKey(t);
  await startClassicServer(t, key, ['say', '\u001b[31mred\u0007\nnext']);
  assert.equal((await timeClient(t, key, ['now'])).stdout, '\\x1b[31mred\\x07\\nnext\n');
});

test('status of a classic server says what the kernel knows', { skip }, async (t) => {
  const key = freshKey(t);
  const server = await startClassicServer(t, key);
  const text = await timeClient(t, key, ['status']);
  assert.equal(text.code, 0);
  assert.match(text.stdout, /a classic one/);
  const json = await timeClient(t, key, ['status', '--json']);
  const status = JSON.parse(json.stdout) as { dialect: string; queue: Record<string, number> };
  assert.equal(status.dialect, 'classic');
  assert.equal(status.queue['lastSendPid'], server.pid);
});

test('stop ends a classic server', { skip }, async (t) => {
  const key = freshKey(t);
  const server = await startClassicServer(t, key);
  const { code, stdout } = await timeClient(t, key, ['stop']);
  assert.equal(code, 0);
  assert.match(stdout, /has stopped, and its queue is gone/);
  assert.equal((await server.exit()).code, 0);
  assert.equal(queueAt(key), undefined);
});

test('stop says so when a classic server leaves its queue behind', { skip }, async (t) => {
  const key = freshKey(t);
  const server = await startClassicServer(t, key, ['keep']);
  const { code, stderr } = await timeClient(t, key, ['stop', '--timeout', '300ms']);
  assert.equal(code, 4);
  // On a machine that is slow enough the server has not read it by then.
  assert.match(
    stderr,
    /was read, but the queue is still there|no server read the stop message.*removed from the queue/,
  );
  await server.end();
});

test('a stop that no server reads is taken back', { skip }, async (t) => {
  const key = freshKey(t);
  await freeze(await startClassicServer(t, key));
  const { code, stderr } = await timeClient(t, key, ['stop', '--timeout', '300ms']);
  assert.equal(code, 4);
  assert.match(stderr, /no server read the stop message.*removed from the queue/);
  // A process that the kernel has stopped inside msgrcv is handed the message all the same, and had it if so.
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test('measure counts the answers of a classic server', { skip }, async (t) => {
  const key = freshKey(t);
  await startClassicServer(t, key);
  const { code, stdout } = await timeClient(t, key, [
    'measure',
    '--count',
    '200',
    '--concurrency',
    '4',
    '--json',
  ]);
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as { answered: number }).answered, 200);
  assert.equal(queueAt(key)?.['qnum'], 0);
});

test('the late answer to a classic request is not taken for the next one’s', { skip }, async (t) => {
  const key = freshKey(t);
  const server = await startClassicServer(t, key);
  const client = TimeClient.connect(key, { classic: true, timeout: hangMilliseconds });
  atEnd(t, () => client.close());
  await client.now();
  await freeze(server);
  await assert.rejects(
    client.now({ timeout: 100 }),
    (error) => error instanceof ClientError && error.timedOut,
  );
  server.kill('SIGCONT');
  await until(() => MessageQueue.open(key).peek()?.type === 3, 'the late answer');
  await client.now();
  assert.equal(queueAt(key)?.['qnum'], 0, 'the answer of the second request was left behind');
});

test('close takes an answer that came too late out of the queue', { skip }, async (t) => {
  const key = freshKey(t);
  const server = await startClassicServer(t, key);
  const client = TimeClient.connect(key, { classic: true, timeout: hangMilliseconds });
  await client.now();
  await freeze(server);
  await assert.rejects(
    client.now({ timeout: 100 }),
    (error) => error instanceof ClientError && error.timedOut,
  );
  server.kill('SIGCONT');
  await until(
    () => queueAt(key)?.['qnum'] === 1 && MessageQueue.open(key).peek()?.type === 3,
    'the late answer',
  );
  client.close();
  assert.equal(queueAt(key)?.['qnum'], 0);
});
