import { formatKey, IpcError, SharedMemory, type QueueEntry, type SegmentEntry } from '@timeq/mq-native';
import {
  mayBeSlots,
  mayHoldSlots,
  readSlotSegment,
  type SlotDirection,
  type SlotSegment,
} from '@timeq/mq-native/message-slots';

/** A segment that may hold messages on their way between a queue and somewhere else. */
export type Slots =
  | { readonly direction: SlotDirection; readonly queue: QueueEntry }
  /** Its queue is gone. A bridge that ended with nothing on its way would have unlocked it. */
  | { readonly queue: undefined };

/** Whose messages a segment holds, by its key, size and lock: an attachment would change its times. */
export function slotsOf(segment: SegmentEntry, queues: Iterable<QueueEntry>): Slots | undefined {
  if (!mayBeSlots(segment)) return undefined;
  for (const queue of queues) {
    const direction = queue.key === 0 ? undefined : mayHoldSlots(segment, queue.key);
    if (direction !== undefined) return { direction, queue };
  }
  return segment.locked ? { queue: undefined } : undefined;
}

/** Attaches a segment, and reads what it says of itself; undefined if it has no slots, or may not be read. */
export function readSlots(segment: SegmentEntry): SlotSegment | undefined {
  if (!mayBeSlots(segment)) return undefined;
  try {
    // A look that stayed attached would count as a use of the segment.
    using attachment = SharedMemory.fromId(segment.id).attach({ readOnly: true });
    const { buffer, byteOffset, byteLength } = attachment.read();
    return readSlotSegment(new DataView(buffer, byteOffset, byteLength));
  } catch (error) {
    if (error instanceof IpcError) return undefined;
    throw error;
  }
}

/** The command that keeps messages on their way in such a segment: `timeq-bridge out`. */
export function nameMover(direction: SlotDirection): string {
  return direction === 'move' ? 'ipctools move' : `timeq-bridge ${direction}`;
}

/** `timeq-bridge out for key 0x00000080` */
export function nameBridge({ direction, queueKey }: SlotSegment): string {
  return `${nameMover(direction)} for key ${formatKey(queueKey)}`;
}

/** The command that takes such messages out of the segment again. */
export function saveCommand({ direction, queueKey }: Pick<SlotSegment, 'direction' | 'queueKey'>): string {
  const key = formatKey(queueKey);
  return direction === 'move' ? `ipctools move ${key} QUEUE` : `timeq-bridge slots ${key} --to-queue`;
}
