import type { Message, MessageQueue, MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY, isAddressedType, REQUEST, STOP } from '@timeq/time-protocol';
import type { ReplyStyle } from './reply-style.js';
import { countTypes, type TypeCount } from './message-types.js';
import { MAX_PID } from './pid-in-body.js';

/** The messages in a queue that a server adopts. */
export interface Adoption {
  /** Requests that are still to be answered, oldest first. They are out of the queue. */
  readonly requests: Message[];
  /** How many stop messages were dropped: they were meant for the server that died. */
  readonly stops: number;
  /** How many replies were dropped: they are out of date, and their clients were told that the server died. */
  readonly replies: number;
  /** How many messages have types outside of the protocol. They stay. */
  readonly others: ReadonlyMap<MessageType, number>;
}

/** Prepares a used queue for a new server: keeps the requests, drops stops and replies. */
export function adopt(queue: MessageQueue, style: ReplyStyle): Adoption {
  const stops = takeAll(queue, STOP).length;
  const sharedReplies = takeAll(queue, CLASSIC_REPLY).length;
  // Taken out first, so that only messages that are neither requests nor stops are left to search.
  const requests = takeAll(queue, REQUEST);
  const types = queue.stat().messages > 0 ? countTypes(queue) : undefined;
  let replies = sharedReplies;
  const others = new Map<MessageType, number>();
  for (const [type, found] of types ?? []) {
    if (isAddressedType(type) || (style !== 'shared' && isOfProcess(type, found))) {
      replies += takeAll(queue, type).length;
    } else {
      others.set(type, found.count);
    }
  }
  return { requests, stops, replies, others };
}

/** Whether it is a reply to a process that sent its pid. */
function isOfProcess(type: MessageType, { count, classicTexts }: TypeCount): boolean {
  return type <= MAX_PID + CLASSIC_REPLY && classicTexts === count;
}

function takeAll(queue: MessageQueue, type: MessageType): Message[] {
  const taken: Message[] = [];
  for (;;) {
    const batch = queue.receiveBatch({ type });
    if (batch.length === 0) return taken;
    taken.push(...batch);
  }
}
