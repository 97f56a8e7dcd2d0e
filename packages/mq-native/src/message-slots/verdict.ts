import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { IpcError } from '../errors/ipc-error.js';
import type { MessageQueue } from '../message-queue/message-queue.js';
import { statFields } from '../processes/processes.js';
import type { Slot } from './slot.js';

/** The facts about a message that was being sent when its program was killed. */
export interface Doubt {
  /** The process that was to send it, the program or a child of it; 0: neither had begun to. */
  readonly pid: number;
  /** The last sender before. */
  readonly before: number;
  /** Which of the program's processes has sent last. */
  readonly lastSender: number;
  /** The last sender now, after the end of that process. */
  readonly now: number;
}

/** Whether it was sent; `unknown` if another program sends to the same queue. */
export type Verdict = 'sent' | 'not sent' | 'unknown';

/**
 * Decides by msg_lspid, which the kernel keeps for each queue: the process's pid is there if it has sent, unless another program
 * has sent after it; and it has not if the last sender is the same as before, unless that is a program that may have sent
 * again. Pids are handed out in turn, so a child has the number of an earlier one only after all others were used.
 */
export function decide({ pid, before, lastSender, now }: Doubt): Verdict {
  if (pid === 0) return 'not sent';
  if (pid === before) return 'unknown';
  if (now === pid) return 'sent';
  const untouched = before === 0 || before === lastSender;
  return now === before && untouched ? 'not sent' : 'unknown';
}

/** Milliseconds for the end of a child, which makes one call that does not wait. */
const CHILD_ENDS = 10_000;

/**
 * After a kill: whether the process that was sending what is in a slot has sent it.
 * @param since when it began to, in seconds since boot
 */
export async function verdictOn(
  slot: Slot,
  {
    queue,
    lastSender,
    since,
  }: { readonly queue: MessageQueue; readonly lastSender: number; readonly since: number },
): Promise<Verdict> {
  const { pid, before } = slot;
  const until = performance.now() + CHILD_ENDS;
  for (; mayLive(pid, since); await delay(1)) {
    if (performance.now() > until) return 'unknown';
  }
  if (isOfFormerQueue(slot, queue)) return 'unknown';
  try {
    return decide({ pid, before, lastSender, now: queue.stat().lastSendPid });
  } catch (error) {
    // The queue is gone, and with it who had sent last.
    if (error instanceof IpcError) return pid === 0 ? 'not sent' : 'unknown';
    throw error;
  }
}

/** Whether it was being sent into a queue that is gone, and with it who had sent last; the key has another queue now. */
function isOfFormerQueue({ pid, queue }: Slot, { id }: MessageQueue): boolean {
  return pid !== 0 && queue !== id;
}

/** Why it can't be known whether a message was sent. */
export function whyUnknown(slot: Slot, queue: MessageQueue): string {
  return isOfFormerQueue(slot, queue)
    ? 'the queue was removed and made anew meanwhile'
    : 'other programs send to the queue as well';
}

/**
 * Whether a process of that number (0: none) is there that may be the sender: it did not begin much later than the message. Its
 * successor, which asks, may have got its number.
 */
function mayLive(pid: number, sinceSeconds: number): boolean {
  if (pid === 0 || pid === process.pid) return false;
  try {
    const fields = statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    // Field 22 of proc(5) is the start in ticks since boot; USER_HZ is 100 everywhere.
    return !/^[ZX]$/.test(fields[0] ?? '') && Number(fields[19]) / 100 < sinceSeconds + 2;
  } catch {
    return false;
  }
}
