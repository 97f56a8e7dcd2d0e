import type { Slot } from '@timeq/mq-native/message-slots';
import { nextMessage, type Manager, type StreamInfo } from '../stream/stream-api.js';

/** The result of a look-up in the stream. */
export interface LookedUp {
  /** The slots whose messages are in the stream, with their sequences. */
  readonly found: ReadonlyMap<Slot, number>;
  /** Whether the others may be among the messages that the stream has dropped. */
  readonly uncertain: boolean;
}

/** The stream's id of a message in a slot. */
export function messageId(instance: string, generation: number): string {
  return `${instance}-${generation}`;
}

/**
 * Looks up which messages in slots are already in the stream. The stream's own memory of ids lasts only for its duplicate
 * window, two minutes by default; the messages are there for as long as the stream keeps them.
 */
export async function lookUp(
  manager: Manager,
  {
    stream,
    subject,
    instance,
    held,
  }: { stream: string; subject: string; instance: string; held: readonly Slot[] },
  { state }: StreamInfo,
): Promise<LookedUp> {
  const open = new Map(held.map((slot) => [messageId(instance, slot.generation), slot]));
  const found = new Map<Slot, number>();
  const first = Math.min(...held.map((slot) => slot.after)) + 1;
  for (let from = Math.max(first, state.first_seq); open.size > 0;) {
    const message = await nextMessage(manager, stream, from, subject);
    if (message === undefined) break;
    const slot = open.get(message.id);
    if (slot !== undefined) {
      open.delete(message.id);
      found.set(slot, message.sequence);
    }
    from = message.sequence + 1;
  }
  return { found, uncertain: state.first_seq > first && open.size > 0 };
}
