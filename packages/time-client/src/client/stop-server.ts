import { formatKey, GoneError, IpcError, isStopped, type Key, type MessageQueue } from '@timeq/mq-native';
import { drawReplyType, STOP } from '@timeq/time-protocol';
import { durationText } from '../format/span.js';
import { ClientError } from './client-error.js';
import { crowd, queueFull, queueRemoved, serverDied } from './failures.js';
import { ServerWatch } from './server-watch.js';

interface StopOptions {
  /** The user's timeout in milliseconds. */
  readonly timeout: number;
  /** Milliseconds that are left of it. */
  readonly left: number;
  readonly signal: AbortSignal | undefined;
  /** The server to stop; 0 if it gives no sign of life. */
  readonly pid: number;
}

/**
 * Sends a stop message and waits until the queue is removed. A stop that no server reads is taken back: it would end
 * the next server of this queue.
 */
export async function stopServer(queue: MessageQueue, key: Key, options: StopOptions): Promise<void> {
  const { signal } = options;
  const until = performance.now() + options.left;
  const died = new AbortController();
  const watch = new ServerWatch(key, (pid) => died.abort(serverDied(key, pid)));
  const stopWaiting = signal === undefined ? died.signal : AbortSignal.any([signal, died.signal]);
  watch.start(options.pid, performance.now());
  try {
    await sendStop(queue, key, options, stopWaiting);
    // No message comes at a type that no program knows: this wait ends when the queue is removed.
    await queue.receive({
      type: drawReplyType(),
      signal: stopWaiting,
      timeout: Math.max(0, until - performance.now()),
    });
  } catch (error) {
    if (error instanceof GoneError) return;
    if (died.signal.aborted) throw died.signal.reason;
    if (!isTimeout(error)) throw error;
    throw stillThere(queue, key, options);
  } finally {
    watch.close();
  }
}

async function sendStop(
  queue: MessageQueue,
  key: Key,
  options: StopOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    await queue.send(STOP, '', { signal, timeout: options.left });
  } catch (error) {
    // If the queue is gone before the stop got into it, this client did not stop it.
    if (error instanceof GoneError) throw queueRemoved(key, error);
    throw isTimeout(error) ? queueFull(queue, key, options.timeout) : error;
  }
}

function stillThere(queue: MessageQueue, key: Key, { timeout, pid }: StopOptions): ClientError {
  const within = `within ${durationText(timeout)}`;
  const why = isStopped(pid)
    ? `; the time server (pid ${pid}) is stopped (SIGSTOP), let it go on with "kill -CONT ${pid}"`
    : '';
  const full = crowd(queue, key);
  const more = why + (full === undefined ? '' : `; ${full}`);
  // Stop messages are all alike, so any of them will do.
  if (queue.tryReceive({ type: STOP, truncate: true }) !== undefined) {
    return new ClientError(
      'TIMED_OUT',
      `no server read the stop message at key ${formatKey(key)} ${within}; it was removed from the queue${more}`,
    );
  }
  return new ClientError(
    'TIMED_OUT',
    `the stop message at key ${formatKey(key)} was read, but the queue is still there after ${durationText(timeout)}: ` +
      `its server ignores stops, or ended without removing its queue${more}`,
  );
}

function isTimeout(error: unknown): boolean {
  return error instanceof IpcError && error.timedOut;
}
