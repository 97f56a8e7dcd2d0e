import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { MessageQueue } from '@timeq/mq-native';
import { parseRequest, type AddressedRequest } from '@timeq/time-protocol';
import { queueAt } from '../helpers/kernel-table.js';
import { until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { bin, root, runNode, startNode } from '../helpers/node.js';
import { start, type Exit, type RunningProcess, type StartOptions } from '../helpers/process.js';
import { untilStopped } from '../helpers/threads.js';

/** C's asctime, as a whole line. */
export const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/** A locale and a zone that no machine's settings change, and no limit to what a test may expect. */
const PLAIN = { LC_ALL: 'C.UTF-8', TZ: 'UTC', NO_COLOR: '1', COLUMNS: undefined };

/** Starts Timeq's server at a key, and waits until it listens. */
export async function startServer(
  t: TestContext,
  key: number,
  options: readonly string[] = [],
  env: StartOptions['env'] = {},
): Promise<RunningProcess> {
  const server = startNode(t, [bin('time-server'), '--key', String(key), ...options], {
    env: { ...PLAIN, ...env },
  });
  await server.waitFor(/listening/);
  return server;
}

/** Starts such a server at a key of its own. */
export async function ownServer(
  t: TestContext,
  options?: readonly string[],
  env?: StartOptions['env'],
): Promise<{ readonly key: number; readonly server: RunningProcess }> {
  const key = freshKey(t);
  return { key, server: await startServer(t, key, options, env) };
}

/** Starts a classic server written in Python at a key; `manner` is explained in servers/classic.py. */
export async function startClassicServer(
  t: TestContext,
  key: number,
  manner: readonly string[] = [],
  env: StartOptions['env'] = {},
): Promise<RunningProcess> {
  const file = `${root}test/time-client/servers/classic.py`;
  const server = start(t, '/usr/bin/python3', [file, String(key), ...manner], { env: { ...PLAIN, ...env } });
  await server.waitFor('ready');
  return server;
}

/** Runs time-client at a key to its end. */
export async function timeClient(
  t: TestContext,
  key: number,
  commandLine: readonly string[],
  env: StartOptions['env'] = {},
): Promise<Exit> {
  return await runNode(t, commandOf(key, commandLine), { env: { ...PLAIN, ...env } });
}

/** So many milliseconds are enough for a request on any machine. */
const LONGEST_TIMEOUT = 30_000;

/** Asks with longer and longer timeouts, in milliseconds, until a timeout has the wanted reason: a busy machine needs more. */
export async function askLonger(ask: (timeout: number) => Promise<Exit>, wanted: RegExp): Promise<Exit> {
  for (let timeout = 100; ; timeout *= 4) {
    const exit = await ask(timeout);
    if (wanted.test(exit.stderr) || exit.code !== 4 || timeout * 4 > LONGEST_TIMEOUT) return exit;
  }
}

/** Starts time-client at a key. */
export function startTimeClient(
  t: TestContext,
  key: number,
  commandLine: readonly string[],
  env: StartOptions['env'] = {},
): RunningProcess {
  return startNode(t, commandOf(key, commandLine), { env: { ...PLAIN, ...env } });
}

/** Node's arguments for time-client at a key. Its own timeout is for people: a busy machine may take longer. */
export function commandOf(key: number, commandLine: readonly string[]): string[] {
  return [bin('time-client'), '--key', String(key), '--timeout', '1m', ...commandLine];
}

/** Waits until so many messages are in the queue. */
export async function untilMessages(key: number, count: number): Promise<void> {
  await until(() => queueAt(key)?.['qnum'] === count, `${count} messages in the queue`);
}

/** Takes the next addressed request out of a queue, in place of a server. */
export async function nextRequest(queue: MessageQueue): Promise<AddressedRequest> {
  const request = parseRequest((await queue.receive({ type: 1 })).body);
  assert.ok(request.kind === 'addressed');
  return request;
}

/** Stops a server in its tracks, and waits until the kernel has done so. */
export async function freeze(server: RunningProcess): Promise<void> {
  server.kill('SIGSTOP');
  await untilStopped(server.pid);
}
