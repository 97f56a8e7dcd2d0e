import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Message, MessageQueue, ReceiveOptions, Selection, WaitOptions } from '@timeq/mq-native';
import { codeOf } from '../failure.js';

/** What to receive, and when to stop. */
export interface ReceivePlan extends Selection {
  /** How many messages; Infinity for all that come. */
  readonly count: number;
  /** Milliseconds for everything together; Infinity for no limit, 0 to take only what is there. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** Why it stopped: all wanted messages came, the time was over, a signal came, or a message can't be written. */
type ReceiveEnd = 'complete' | 'timed out' | 'interrupted' | 'undelivered';

export interface ReceiveResult {
  /** Messages that were received and written. */
  readonly count: number;
  readonly end: ReceiveEnd;
  /** With 'undelivered': the message that could not be written, and why. */
  readonly undelivered?: { readonly message: Message; readonly error: unknown };
}

/** Signals are seen only between two turns of the event loop: how many messages may be taken within one. */
const MESSAGES_PER_TURN = 64;

async function waitForMessage(
  queue: MessageQueue,
  options: ReceiveOptions & WaitOptions,
): Promise<Message | ReceiveEnd> {
  try {
    return await queue.receive(options);
  } catch (error) {
    if (codeOf(error) === 'ETIMEDOUT') return 'timed out';
    if (codeOf(error) === 'ABORT_ERR') return 'interrupted';
    throw error;
  }
}

/**
 * Takes messages and passes each to `deliver`. It takes the next one only after the last was delivered, so there is
 * never more than one undelivered message.
 * @throws GoneError if the queue is removed; the caller counts in `deliver`, since the count so far is then lost
 */
export async function receiveMessages(
  queue: MessageQueue,
  plan: ReceivePlan,
  deliver: (message: Message) => Promise<void>,
): Promise<ReceiveResult> {
  const { count: wanted, timeout, signal, ...selection } = plan;
  const until = performance.now() + timeout;
  const endWhenEmpty = wanted === Infinity ? 'complete' : 'timed out';
  let count = 0;
  while (count < wanted) {
    if (count % MESSAGES_PER_TURN === 0) await nextTurn();
    if (signal.aborted) return { count, end: 'interrupted' };
    const left = until - performance.now();
    if (left <= 0 && timeout > 0) return { count, end: 'timed out' };
    const message =
      queue.tryReceive(selection) ??
      (timeout > 0 ? await waitForMessage(queue, { ...selection, signal, timeout: left }) : endWhenEmpty);
    if (typeof message === 'string') return { count, end: message };
    try {
      await deliver(message);
    } catch (error) {
      return { count, end: 'undelivered', undelivered: { message, error } };
    }
    count += 1;
  }
  return { count, end: 'complete' };
}

/** Sends a message back to the end of its queue. Returns false if that can't be done. */
export function putBack(queue: MessageQueue, { type, body }: Message): boolean {
  try {
    return queue.trySend(type, body);
  } catch {
    return false;
  }
}
