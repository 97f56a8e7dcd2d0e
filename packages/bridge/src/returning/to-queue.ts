import type { MessageQueue } from '@timeq/mq-native';
import { type Slot, SLOT_STATE, SlotCalls, type SlotDirection } from '@timeq/mq-native/message-slots';
import { Sender } from '../inward/sender.js';
import type { LookedUp } from '../outward/look-up.js';
import { putBack, settlePutBack } from '../outward/put-back.js';
import { settleTaking } from '../outward/taker.js';
import { heldMessage, type HeldMessage } from './held-message.js';
import type { SlotStore } from '../slots/slot-store.js';

/** The slots of a bridge that does not run, and the queue that gets their messages. */
export interface LeftSlots {
  readonly direction: SlotDirection;
  readonly store: SlotStore;
  readonly queue: MessageQueue;
}

/** Where a message is now: in the queue, in the stream, or still in its slot because of something. */
type Whereabouts = 'queue' | 'stream' | 'slot';

export interface ReturnedMessage extends HeldMessage {
  readonly now: Whereabouts;
  /** Of a message that is in the queue: whether the stream may have had it as well. */
  readonly mayBeStored: boolean;
}

/** There is no room in the queue now. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError';
}

export interface Return {
  readonly messages: readonly ReturnedMessage[];
  /** Why messages are still in slots. */
  readonly failure: Error | undefined;
}

/**
 * Decides about what was on its way when a process was killed.
 * @returns how many messages can go to the queue
 * @throws BridgeError if a message of the stream may have been sent, which can't be known
 */
export async function settleLeft({ direction, store, queue }: LeftSlots): Promise<number> {
  if (direction === 'out') {
    await settlePutBack(store, queue);
    settleTaking(store);
  } else await inwardSender({ direction, store, queue }).settle('stop');
  return store.held.filter(isTaken).length;
}

/**
 * Sends what is in slots to the queue, the oldest first, and frees each slot once its message is there.
 * @param stored what the stream has already: those slots are freed; undefined if it was not asked
 */
export function returnLeft(left: LeftSlots, stored: LookedUp | undefined): Return {
  const { direction, store } = left;
  const { header } = store;
  const messages: ReturnedMessage[] = [];
  let failure: Error | undefined;
  for (const slot of store.held) {
    const message = heldMessage(slot, direction, header);
    const sequence = stored?.found.get(slot);
    let now: Whereabouts = 'slot';
    if (sequence !== undefined) {
      header.acked = Math.max(header.acked, sequence);
      header.add('found');
      header.add('moved');
      slot.free();
      now = 'stream';
    } else if (failure === undefined) {
      failure = sendOne(left, slot);
      if (failure === undefined) now = 'queue';
    }
    messages.push({ ...message, now, mayBeStored: direction === 'out' && stored?.uncertain !== false });
  }
  return { messages, failure };
}

/** @returns why the message stays */
function sendOne(left: LeftSlots, slot: Slot): Error | undefined {
  const { direction, store, queue } = left;
  if (!isTaken(slot)) return new Error(IN_DOUBT);
  try {
    const sent =
      direction === 'out'
        ? putBack(store, slot, queue, new SlotCalls(queue, store.attachment))
        : inwardSender(left).send();
    if (sent === 'sent') return undefined;
    return sent === 'full' ? new QueueFullError(`queue ${queue.id} is full`) : new Error(IN_DOUBT);
  } catch (error) {
    return error as Error;
  }
}

const IN_DOUBT = "whether a message was sent to the queue can't be known, because its sender was killed";

function isTaken({ state }: Slot): boolean {
  return state === SLOT_STATE.taken;
}

function inwardSender({ store, queue }: LeftSlots): Sender {
  return new Sender(store, queue, new SlotCalls(queue, store.attachment), () => undefined);
}
