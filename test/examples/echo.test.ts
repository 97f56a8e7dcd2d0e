import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test, type TestContext } from 'node:test';
import type { RunningProcess } from '../helpers/process.js';
import { runExample, startExample } from './example.js';

async function startServer(t: TestContext): Promise<{ server: RunningProcess; port: string }> {
  const server = startExample(t, ['echo', 'server', '0']);
  const [, port = ''] = await server.waitFor(/listens on 127\.0\.0\.1:(\d+);/);
  return { server, port };
}

test('every line comes back to the client that sent it, with several clients at once', async (t) => {
  const { server, port } = await startServer(t);
  const [one, two] = [startExample(t, ['echo', 'client', port]), startExample(t, ['echo', 'client', port])];
  await one.waitFor('A line (Ctrl-D ends): ');
  await two.waitFor('A line (Ctrl-D ends): ');
  one.write('first\n');
  two.write('zweite — with ünïcödé\n');
  await one.waitFor('echo: first\n');
  await two.waitFor('echo: zweite — with ünïcödé\n');
  one.endInput();
  assert.equal((await one.exit()).code, 0);
  two.write('still here\n');
  await two.waitFor('echo: still here\n');
  assert.equal((await server.killed('SIGINT')).code, 0);
});

test('a client that breaks its connection harms no other client', async (t) => {
  const { server, port } = await startServer(t);
  const rude = connect(Number(port), '127.0.0.1');
  await once(rude, 'connect');
  rude.write('x'.repeat(1_000_000));
  rude.resetAndDestroy();
  await server.waitFor('has gone\n');
  const { code, stdout } = await runExample(t, ['echo', 'client', port], { input: 'and now?\n' });
  assert.equal(code, 0);
  assert.match(stdout, /echo: and now\?\n/);
});

test('a client without a server is told to start one', async (t) => {
  const { server, port } = await startServer(t);
  await server.killed('SIGTERM');
  const { code, stderr } = await runExample(t, ['echo', 'client', port]);
  assert.equal(code, 1);
  assert.equal(
    stderr,
    `No server listens on 127.0.0.1:${port}: start "npm run example echo server" first.\n`,
  );
});

test('a client learns that its server has gone', async (t) => {
  const { server, port } = await startServer(t);
  const client = startExample(t, ['echo', 'client', port]);
  await server.waitFor('is connected\n');
  await server.end();
  client.write('hello?\n');
  const { code, stderr } = await client.exit();
  assert.equal(code, 1);
  assert.match(stderr, /^The (server has gone\.|connection failed: .*)\n$/);
});

test('a port that is in use, or none at all, is one sentence', async (t) => {
  const { port } = await startServer(t);
  const taken = await runExample(t, ['echo', 'server', port]);
  assert.equal(taken.code, 1);
  assert.equal(taken.stderr, `Port ${port} is in use: give another one, such as 7070.\n`);
  const wrong = await runExample(t, ['echo', 'server', 'http']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /^"http" is not a port\. .*\n$/);
});
