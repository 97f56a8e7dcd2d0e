import assert from 'node:assert/strict';
import test from 'node:test';
import { wallClock } from '@timeq/mq-native';
import { ASCTIME, ownServer, startServer, startTimeClient, timeClient } from './support.js';

test('watch prints as many times as --count says', async (t) => {
  const { key } = await ownServer(t);
  const { code, stdout } = await timeClient(t, key, ['watch', '--interval', '1ms', '--count', '5']);
  assert.equal(code, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 5);
  for (const line of lines) assert.match(line, ASCTIME);
});

test('watch never tells before the turn has come', async (t) => {
  const { key } = await ownServer(t);
  const before = Number(wallClock());
  const commandLine = ['watch', '--interval', '5ms', '--count', '200', '--format', 'unix-ns'];
  const { stdout } = await timeClient(t, key, commandLine);
  const moments = stdout.trimEnd().split('\n').map(Number);
  assert.equal(moments.length, 200);
  // How late a turn is, only the machine can say. A timer may be a millisecond early, and must not be told twice then.
  for (const [turn, moment] of moments.entries())
    assert.ok(moment - before > turn * 5e6 - 1e6, `turn ${turn}`);
});

test('watch --json prints an object in each line', async (t) => {
  const { key } = await ownServer(t);
  const { stdout } = await timeClient(t, key, ['watch', '--interval', '1ms', '--count', '3', '--json']);
  const answers = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { dialect: string });
  assert.deepEqual(
    answers.map(({ dialect }) => dialect),
    ['addressed', 'addressed', 'addressed'],
  );
});

test('Ctrl-C ends watch with exit code 0', async (t) => {
  const { key } = await ownServer(t);
  const watch = startTimeClient(t, key, ['watch', '--interval', '1h']);
  await watch.nextLine();
  const { code, signal, stderr } = await watch.killed('SIGINT');
  assert.equal(stderr, '');
  assert.equal(signal, null);
  assert.equal(code, 0);
});

test('watch outlives a server that is killed, and says when one is back', async (t) => {
  const { key, server } = await ownServer(t);
  const watch = startTimeClient(t, key, ['watch', '--interval', '10ms']);
  await watch.nextLine();
  await server.end();
  await watch.waitFor(/(is dead|died).*waiting for one/, 'stderr');
  await startServer(t, key);
  await watch.waitFor('the time server is back', 'stderr');
  await watch.nextLine();
  assert.equal((await watch.killed('SIGINT')).code, 0);
});

test('watch outlives a server that is stopped and started, though its queue is another', async (t) => {
  const { key, server } = await ownServer(t);
  const watch = startTimeClient(t, key, ['watch', '--interval', '10ms']);
  await watch.nextLine();
  server.kill('SIGTERM');
  await watch.waitFor('waiting for one', 'stderr');
  await server.exit();
  await startServer(t, key);
  await watch.waitFor('the time server is back', 'stderr');
  const { code, stderr } = await watch.killed('SIGINT');
  assert.equal(code, 0);
  assert.equal(stderr.split('\n').length, 3, stderr);
});
