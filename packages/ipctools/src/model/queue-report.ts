import { MessageQueue, type KnownProcess, type QueueEntry } from '@timeq/mq-native';
import type { Facts } from './facts.js';
import { asFailure, codeOf, isDenied } from '../failure.js';
import { lookInto, type QueueContent } from './queue-content.js';
import { waitingIn, type Waiting } from './queue-state.js';
import { entryOf } from './find-queue.js';

/** A process with its command line; undefined if that can't be read. */
export interface ReportedProcess extends KnownProcess {
  readonly commandLine: string | undefined;
}

/** Everything that can be known of one queue. */
export interface QueueReport {
  readonly entry: QueueEntry;
  /** The largest body that a message may have, in bytes. */
  readonly maxMessageBytes: number;
  readonly lastSender: ReportedProcess;
  readonly lastReceiver: ReportedProcess;
  /** Undefined if it is unknown. */
  readonly waiting: Waiting | undefined;
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

/** @param most how many messages are looked at */
export function reportQueue(
  queue: MessageQueue,
  facts: Facts,
  firstCount: number,
  most?: number,
): QueueReport {
  const entry = entryOf(queue);
  const { processes } = facts;
  const withCommandLine = (process: KnownProcess): ReportedProcess => ({
    ...process,
    commandLine: process.state === 'alive' ? processes.commandLine(process.pid) : undefined,
  });
  return {
    entry,
    maxMessageBytes: MessageQueue.limits().maxMessageBytes,
    lastSender: withCommandLine(processes.find(entry.lastSendPid, entry.sendTime)),
    lastReceiver: withCommandLine(processes.lastReceiver(entry)),
    waiting: waitingIn(entry, facts),
    content: lookIntoIfPermitted(queue, firstCount, most),
  };
}
