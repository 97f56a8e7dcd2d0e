import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { inOwnNamespace, skipWithoutNamespaces } from '../helpers/namespace.js';
import { bin, root, snippetCommand } from '../helpers/node.js';
import { start } from '../helpers/process.js';
import { ask, serve } from './server.js';

/** Opens the feed and reads it on. */
async function view(t: TestContext, url: string): Promise<{ text: string; close: () => void }> {
  const seen = { text: '', close: (): void => undefined };
  const asked = request(`${url}events`, { agent: false }).end();
  const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  response.setEncoding('utf8').on('data', (text: string) => (seen.text += text));
  asked.on('error', () => undefined);
  response.on('error', () => undefined);
  seen.close = () => void asked.destroy();
  atEnd(t, seen.close);
  return seen;
}

/** Opens the feed, and reads none of it. */
async function viewAndStall(t: TestContext, url: string): Promise<Socket> {
  const { port, host, pathname } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  atEnd(t, () => void socket.destroy());
  await once(socket, 'connect');
  socket.pause();
  socket.write(`GET ${pathname}events HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  return socket;
}

/**
 * In how many milliseconds the kernel wakes the event loop if nothing comes: the timeout of its epoll_pwait(2), from
 * /proc/PID/syscall; undefined while it runs.
 */
function sleepsFor(pid: number): number | undefined {
  const [, , , , timeout] = readFileSync(`/proc/${pid}/syscall`, 'utf8').split(' ');
  const milliseconds = Number(timeout);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

test('samples only while a page is open', async (t) => {
  const { process, url } = await serve(t, '--interval', '100ms');
  const viewer = await view(t, url);
  await until(() => viewer.text.split('\ndata: ').length > 5, 'five samples');
  await until(() => (sleepsFor(process.pid) ?? Infinity) <= 100, 'the server to sleep between samples');
  viewer.close();
  // Node's own timers for connections are longer than any interval of samples here.
  const rests = (): boolean => (sleepsFor(process.pid) ?? 0) > 400;
  await until(rests, 'the server to sleep longer than between samples');
  // Its script is followed by one look, which no viewer may come for.
  await ask(`${url}page.js`);
  await until(() => !rests(), 'a look');
  await until(rests, 'the server to sleep again');
});

test('all pages are told the same, by one sampler', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const { url } = await serve(t, '--interval', '100ms');
  const viewers = [await view(t, url), await view(t, url), await view(t, url)];
  for (const viewer of viewers) await until(() => viewer.text.includes(`"id":${queue.id},`), 'the queue');
  queue.trySend(1, 'x'.repeat(77));
  const told = viewers.map((viewer) =>
    until(() => viewer.text.split('\n').find((line) => line.includes('"bytes":77')), 'the change'),
  );
  const [one, two, three] = await Promise.all(told);
  assert.equal(two, one);
  assert.equal(three, one);
});

const MANY_QUEUES = `
  import { MessageQueue } from '@timeq/mq-native';
  import { spawn } from 'node:child_process';
  const queues = Array.from({ length: 2000 }, () => MessageQueue.createPrivate());
  setInterval(() => { for (const queue of queues) queue.trySend(1, 'x') || queue.tryReceive(); }, 50);
  const command = ['${bin('ipctools')}', 'serve', '--interval', '100ms'];
  const server = spawn(process.execPath, command, { stdio: 'inherit' });
  console.log(server.pid);`;

test(
  'a page that does not read misses samples, which others get, and is told everything anew when it reads again',
  { skip: skipWithoutNamespaces() },
  async (t) => {
    const [command, words] = inOwnNamespace(process.execPath, snippetCommand(MANY_QUEUES));
    const running = start(t, command, words, { cwd: root });
    const pid = Number(await running.nextLine());
    atEnd(t, () => void process.kill(pid, 'SIGKILL'));
    const url = await running.nextLine();
    const stalled = await viewAndStall(t, url);
    const viewer = await view(t, url);
    // More than the kernel keeps for a connection: tcp_wmem and tcp_rmem have 4 and 6 MB at most. A busy machine takes
    // a minute for them.
    const read = (): boolean => viewer.text.length > 12_000_000;
    await until(read, 'twelve million characters for the one that reads', 2 * hangMilliseconds);
    let late = '';
    stalled.setEncoding('utf8').on('data', (text: string) => (late += text));
    stalled.resume();
    await until(() => late.split('"anew":true').length > 2, 'everything anew for the one that did not read');
    assert.equal(viewer.text.split('"anew":true').length, 2);
  },
);
