import { MessageQueue, type QueueEntry } from '@timeq/mq-native';
import { mayHoldSlots, type SlotDirection } from '@timeq/mq-native/message-slots';
import type { Facts } from './facts.js';
import { asFailure, codeOf, isDenied } from '../failure.js';
import { LISTS } from './lists.js';
import { lookInto, type QueueContent } from './queue-content.js';
import { waitingIn, type Waiting } from './queue-state.js';
import { entryOf } from './find-queue.js';
import { reportProcess, type ReportedProcess } from './reported-process.js';

/** Everything that can be known of one queue. */
export interface QueueReport {
  readonly entry: QueueEntry;
  /** The largest body that a message may have, in bytes. */
  readonly maxMessageBytes: number;
  readonly lastSender: ReportedProcess;
  readonly lastReceiver: ReportedProcess;
  /** Undefined if it is unknown. */
  readonly waiting: Waiting | undefined;
  /** The segments in which bridges keep its messages on their way. */
  readonly bridges: readonly { readonly direction: SlotDirection; readonly segment: number }[];
  /** The messages, or why they can't be looked at. */
  readonly content: QueueContent | { readonly refusal: string };
}

function lookIntoIfPermitted(queue: MessageQueue, firstCount: number, most?: number): QueueReport['content'] {
  try {
    return lookInto(queue, firstCount, most);
  } catch (error) {
    if (!isDenied(error) && codeOf(error) !== 'ENOSYS') throw error;
    return { refusal: asFailure(error)?.message ?? String(error) };
  }
}

function bridgesOf({ key }: QueueEntry): QueueReport['bridges'] {
  if (key === 0) return [];
  return LISTS.segments().flatMap((segment) => {
    const direction = mayHoldSlots(segment, key);
    return direction === undefined ? [] : [{ direction, segment: segment.id }];
  });
}

/** @param most how many messages are looked at */
export function reportQueue(
  queue: MessageQueue,
  facts: Facts,
  firstCount: number,
  most?: number,
): QueueReport {
  const entry = entryOf(queue);
  const { processes } = facts;
  return {
    entry,
    maxMessageBytes: MessageQueue.limits().maxMessageBytes,
    lastSender: reportProcess(processes.find(entry.lastSendPid, entry.sendTime), processes),
    lastReceiver: reportProcess(processes.lastReceiver(entry), processes),
    waiting: waitingIn(entry, facts),
    bridges: bridgesOf(entry),
    content: lookIntoIfPermitted(queue, firstCount, most),
  };
}
