import { type Slot, SLOT_STATE, type SlotDirection } from '@timeq/mq-native/message-slots';
import { messageId } from '../outward/look-up.js';
import type { Header } from '../slots/header.js';

const STATES = {
  [SLOT_STATE.taking]: 'taking',
  [SLOT_STATE.taken]: 'taken',
  [SLOT_STATE.sending]: 'sending',
} as const;

/** What is known of a message in a slot, apart from the slot. */
export interface HeldMessage {
  readonly direction: SlotDirection;
  readonly slot: number;
  /** `sending` is on its way into the queue. */
  readonly state: 'taking' | 'taken' | 'sending';
  readonly type: bigint;
  readonly bytes: number;
  /** Its generation if it came out of the queue, its sequence in the stream if it goes into the queue. */
  readonly number: number;
  /** The id by which the stream knows a message out of the queue. */
  readonly id: string | undefined;
  /** When it was taken, in nanoseconds since the epoch. */
  readonly time: bigint | undefined;
}

export function heldMessage(slot: Slot, direction: SlotDirection, { instance }: Header): HeldMessage {
  const { index, type, want, generation, sequence, time } = slot;
  const isOut = direction === 'out';
  return {
    direction,
    slot: index,
    state: STATES[slot.state as keyof typeof STATES],
    type,
    bytes: want,
    number: isOut ? generation : sequence,
    id: isOut ? messageId(instance, generation) : undefined,
    time: isOut ? time : undefined,
  };
}
