import { setTimeout as delay } from 'node:timers/promises';
import { IpcError, type MessageQueue } from '@timeq/mq-native';
import { decide, mayLive, type Verdict } from './decide.js';
import type { Slot } from './slot.js';

/** Milliseconds for the end of a child, which makes one call that does not wait. */
const CHILD_ENDS = 10_000;

/**
 * After a kill: whether the child that was sending what is in a slot has sent it.
 * @param since when the child was started, in seconds since boot
 */
export async function verdictOn(
  slot: Slot,
  {
    queue,
    lastChild,
    since,
  }: { readonly queue: MessageQueue; readonly lastChild: number; readonly since: number },
): Promise<Verdict> {
  const { pid, before } = slot;
  const until = performance.now() + CHILD_ENDS;
  for (; mayLive(pid, since); await delay(1)) {
    if (performance.now() > until) return 'unknown';
  }
  if (isOfFormerQueue(slot, queue)) return 'unknown';
  try {
    return decide({ pid, before, lastChild, now: queue.stat().lastSendPid });
  } catch (error) {
    // The queue is gone, and with it who had sent last.
    if (error instanceof IpcError) return pid === 0 ? 'not sent' : 'unknown';
    throw error;
  }
}

/** Whether it was being sent into a queue that is gone, and with it who had sent last; the key has another queue now. */
export function isOfFormerQueue({ pid, queue }: Slot, { id }: MessageQueue): boolean {
  return pid !== 0 && queue !== id;
}

/** Why it can't be known whether a message was sent. */
export function whyUnknown(slot: Slot, queue: MessageQueue): string {
  return isOfFormerQueue(slot, queue)
    ? 'the queue was removed and made anew meanwhile'
    : 'other programs send to the queue as well';
}
