import type { TestContext } from 'node:test';
import { MessageQueue, type Message, type MessageType } from '@timeq/mq-native';
import { buildRequest, parseReply, type Ask, type Reply, type ServerStatus } from '@timeq/time-protocol';
import { atEnd } from '../helpers/cleanup.js';
import { hangMilliseconds } from '../helpers/deadline.js';
import { freshKey, freshType } from '../helpers/keys.js';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess, StartOptions } from '../helpers/process.js';

/** What `asctime` writes in a year of four digits. */
export const ASCTIME = /^(Sun|Mon|Tue|Wed|Thu|Fri|Sat) [A-Z][a-z]{2} [ 123]\d \d\d:\d\d:\d\d \d{4}$/;

/** Starts `time-server --key KEY ARGUMENTS...` and waits until it listens. */
export async function startServer(
  t: TestContext,
  key: number,
  serverArguments: readonly string[] = [],
  options?: StartOptions,
): Promise<RunningProcess> {
  const server = startNode(t, [bin('time-server'), '--key', String(key), ...serverArguments], options);
  await server.waitFor(/listening on key .*\n/);
  return server;
}

/** Starts a server as above at a key of its own, and opens its queue. */
export async function ownServer(
  t: TestContext,
  serverArguments?: readonly string[],
  options?: StartOptions,
): Promise<{ readonly key: number; readonly server: RunningProcess; readonly queue: MessageQueue }> {
  const key = freshKey(t);
  const server = await startServer(t, key, serverArguments, options);
  return { key, server, queue: openQueue(t, key) };
}

/** A handle on the queue at a key, closed when the test is over. */
export function openQueue(t: TestContext, key: number): MessageQueue {
  return closing(t, MessageQueue.open(key));
}

/** A queue that a test makes at a key of its own: as a client that is early, or a stranger. */
export function makeQueue(t: TestContext, key: number, mode = 0o600): MessageQueue {
  return closing(t, MessageQueue.create(key, { mode }));
}

function closing(t: TestContext, queue: MessageQueue): MessageQueue {
  atEnd(t, () => {
    queue.close();
  });
  return queue;
}

/** Waits for a message of a type; rejects only on a hang. */
export async function receive(queue: MessageQueue, type: MessageType): Promise<Message> {
  return await queue.receive({ type, timeout: hangMilliseconds });
}

/** Asks as a classic client does, and returns the reply's text. */
export async function askClassic(queue: MessageQueue, body: Uint8Array | string = ''): Promise<string> {
  await queue.send(1, body, { timeout: hangMilliseconds });
  return (await receive(queue, 3)).body.toString('latin1');
}

/**
 * How many requests a server says at its end that it answered. At least as many as the test sent: monitors, such as
 * `ipctools metrics`, ask every server of the machine for its status.
 */
export function answeredOf(output: string): number {
  const [, count] = /stopped: (\d+) requests? answered, the queue is removed\n$/.exec(output) ?? [];
  if (count === undefined) throw new Error(`no count of requests at the end of: ${output}`);
  return Number(count);
}

/** Asks at a type of its own. */
export async function ask(queue: MessageQueue, what: Ask = 'time', id: string | number = 1): Promise<Reply> {
  const replyTo = freshType();
  await queue.send(1, buildRequest({ id, replyTo, ask: what }), { timeout: hangMilliseconds });
  return readReply(await receive(queue, replyTo));
}

/** The status of the server behind a queue. */
export async function askStatus(queue: MessageQueue): Promise<ServerStatus> {
  const reply = await ask(queue, 'status');
  if (reply.kind !== 'status') throw new Error(`not a status: ${JSON.stringify(reply)}`);
  // This server leaves nothing out.
  return reply.status as ServerStatus;
}

/** A message that has to be an addressed reply. */
export function readReply({ body }: Message): Reply {
  const reply = parseReply(body);
  if (reply === undefined) throw new Error(`not a reply: ${body.toString('latin1')}`);
  return reply;
}
