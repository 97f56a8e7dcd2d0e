import {
  formatKey,
  formatMode,
  GoneError,
  IpcError,
  isStopped,
  Liveness,
  MessageQueue,
  type Key,
  type LivenessState,
  type MessageType,
} from '@timeq/mq-native';
import { CLASSIC_REPLY, DEFAULT_KEY, isAddressedType } from '@timeq/time-protocol';
import { durationText } from '../format/span.js';
import { ClientError } from './client-error.js';
import { whoRead, type Unanswered } from './who-read.js';

/** How many messages to look at, and how many of their types to name. */
const MOST_SHOWN = 1024;
const MOST_TYPES = 3;

/** The command that starts a server at a key: the next step if there is none. */
function startCommand(key: Key): string {
  return key === DEFAULT_KEY ? 'time-server' : `time-server --key 0x${key.toString(16)}`;
}

function noQueue(key: Key, cause: unknown): ClientError {
  const sentence =
    `there is no queue at key ${formatKey(key)} in this IPC namespace (a container has its own), so no time server; ` +
    `start one with: ${startCommand(key)}`;
  return new ClientError('NO_QUEUE', sentence, { cause });
}

function serverDead(key: Key): ClientError {
  return new ClientError(
    'SERVER_DEAD',
    `the time server at key ${formatKey(key)} is dead and left its queue behind; nothing was sent; ` +
      `a new one takes the queue over: ${startCommand(key)}`,
  );
}

export function serverDied(key: Key, pid: number): ClientError {
  return new ClientError(
    'SERVER_DIED',
    `the time server at key ${formatKey(key)}${pidText(pid)} died without an answer; start one with: ${startCommand(key)}`,
  );
}

/** The server that had alarms is there no more. */
export function alarmsLost(key: Key, pid: number): ClientError {
  return new ClientError(
    'SERVER_DIED',
    `the time server at key ${formatKey(key)}${pidText(pid)} is gone, and the alarms that it had; start one with: ` +
      startCommand(key),
  );
}

/** The server ended an alarm whose message stayed unread. */
export function alarmDropped(key: Key): ClientError {
  return new ClientError(
    'ALARM_LOST',
    `the time server at key ${formatKey(key)} ended an alarm, as its message was not read in time; set it again`,
  );
}

/** There is no Timeq server that could have alarms. */
export function noAlarms(key: Key): ClientError {
  return new ClientError(
    'REFUSED',
    `the server at key ${formatKey(key)} gives no sign of life, so it is a classic one, and has no alarms`,
  );
}

export function queueRemoved(key: Key, cause: unknown): ClientError {
  const { state } = Liveness.check(key);
  const next =
    state === 'alive'
      ? 'but the time server is alive and will make a new one, so try again'
      : `so the time server is gone; start one with: ${startCommand(key)}`;
  return new ClientError('QUEUE_REMOVED', `the queue at key ${formatKey(key)} was removed, ${next}`, {
    cause,
  });
}

/** What fills a queue, and how to look at it. */
export function crowd(queue: MessageQueue, key: Key): string | undefined {
  const { messages, bytes, maxBytes } = queue.stat();
  if (bytes < maxBytes / 2 && messages < maxBytes / 2) return undefined;
  const types = strangeTypes(queue);
  const what =
    types.length === 0
      ? `the queue is nearly full (${messages} messages, ${bytes} of ${maxBytes} bytes)`
      : `messages of type ${types.join(', ')}, which no time server reads, fill the queue (${bytes} of ${maxBytes} bytes)`;
  return `${what}; see them with "ipctools peek ${formatKey(key)}"`;
}

/** Types outside of the protocol, as far as the kernel shows them. */
function strangeTypes(queue: MessageQueue): MessageType[] {
  const types = new Set<MessageType>();
  try {
    for (let index = 0; index < MOST_SHOWN && types.size < MOST_TYPES; index += 1) {
      const message = queue.peek(index);
      if (message === undefined) break;
      if (message.type > CLASSIC_REPLY && !isAddressedType(message.type)) types.add(message.type);
    }
  } catch {
    // A kernel without MSG_COPY.
  }
  return [...types];
}

export function queueFull(queue: MessageQueue, key: Key, timeout: number): ClientError {
  const { messages, bytes, maxBytes } = queue.stat();
  return new ClientError(
    'QUEUE_FULL',
    `the queue at key ${formatKey(key)} is full (${messages} messages, ${bytes} of ${maxBytes} bytes) and had no room ` +
      `within ${durationText(timeout)}; nothing was sent${also(crowd(queue, key))}`,
  );
}

/** @param inTurn whether an earlier request waits for its answer */
export function notSent(key: Key, timeout: number, inTurn: boolean): ClientError {
  const why = inTurn
    ? 'an earlier one is still waiting for its answer, and a classic server answers one after the other'
    : 'this machine is too busy for the client to get ready for the answer; allow more time';
  return new ClientError(
    'TIMED_OUT',
    `no answer at key ${formatKey(key)} within ${durationText(timeout)}: the request was not sent: ${why}`,
  );
}

export function timedOut(queue: MessageQueue, key: Key, timeout: number, request: Unanswered): ClientError {
  const liveness = Liveness.check(key);
  const why =
    liveness.state === 'alive'
      ? `the time server${pidText(liveness.pid)} is alive but ${silence(liveness.pid)}; ${leftBehind(queue.stat().messages)}`
      : whoRead(queue, request);
  return new ClientError(
    'TIMED_OUT',
    `no answer at key ${formatKey(key)} within ${durationText(timeout)}: ${why}`,
  );
}

/** Why a living server does not answer. */
function silence(pid: number): string {
  return isStopped(pid) ? `stopped (SIGSTOP); let it go on with "kill -CONT ${pid}"` : 'did not answer';
}

function leftBehind(messages: number): string {
  if (messages === 0) return 'the queue is empty';
  return messages === 1
    ? 'one message is in the queue, probably the request'
    : `${messages} messages are in the queue, perhaps the request among them`;
}

export function closed(): ClientError {
  return new ClientError('CLOSED', 'the client was closed while the request waited');
}

function notPermitted(key: Key, cause: unknown): ClientError {
  const entry = MessageQueue.list().find((candidate) => candidate.key === key);
  const owner = entry === undefined ? '' : ` (owner uid ${entry.uid}, mode ${formatMode(entry.mode)})`;
  return new ClientError(
    'NOT_PERMITTED',
    `not permitted to send to and receive from the queue at key ${formatKey(key)}${owner}; run as its owner, or ` +
      `start its server with --mode 0666, or with --mode 0660 and --group`,
    { cause },
  );
}

/** The client error for an error of the binding; other errors are returned unchanged. */
export function explain(error: unknown, key: Key): unknown {
  if (error instanceof GoneError) return queueRemoved(key, error);
  if (!(error instanceof IpcError)) return error;
  if (error.code === 'ENOENT') return noQueue(key, error);
  if (error.code === 'EACCES' || error.code === 'EPERM') return notPermitted(key, error);
  return error;
}

/**
 * The server of the key.
 *
 * @throws ClientError SERVER_DEAD if it is proven dead
 */
export function checkServer(key: Key): Exclude<LivenessState, { state: 'dead' }> {
  const liveness = Liveness.check(key);
  if (liveness.state === 'dead') throw serverDead(key);
  return liveness;
}

function also(sentence: string | undefined): string {
  return sentence === undefined ? '' : `; ${sentence}`;
}

/** A pid of 0 belongs to a process of another pid namespace. */
function pidText(pid: number): string {
  return pid > 0 ? ` (pid ${pid})` : '';
}
