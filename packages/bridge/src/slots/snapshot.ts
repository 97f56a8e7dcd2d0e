import { GoneError, Liveness, type Key, type LivenessState } from '@timeq/mq-native';
import {
  readSlotSegment,
  Slot,
  slotAt,
  type SlotDirection,
  slotKey,
  type SlotSegment,
} from '@timeq/mq-native/message-slots';
import { explainSlots, openSegment } from './find-segment.js';
import { Header } from './header.js';

/** The slots of a queue and a direction at one moment, whether or not a bridge uses them. */
export interface SlotSnapshot extends SlotSegment {
  readonly header: Header;
  /** The slots that hold a message, the oldest first. */
  readonly holding: readonly Slot[];
  /** What is known of the process that uses them. */
  readonly user: LivenessState;
}

/**
 * Copies the slots of a queue, without claiming them.
 * @returns undefined if there are none
 * @throws BridgeError NOT_PERMITTED or FAILED
 */
export function snapshotOf(queueKey: Key, direction: SlotDirection): SlotSnapshot | undefined {
  const key = slotKey(queueKey, direction);
  try {
    using attachment = openSegment(key)?.attach({ readOnly: true });
    const bytes = attachment?.read();
    if (bytes === undefined) return undefined;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const segment = readSlotSegment(view);
    if (segment?.direction !== direction) return undefined;
    const holding = Array.from(
      { length: segment.slots },
      (_, index) => new Slot(view, index, slotAt(segment, index), segment.room),
    ).filter((slot) => slot.holdsMessage);
    holding.sort((one, other) => one.generation - other.generation);
    return { ...segment, header: new Header(view), holding, user: Liveness.check(key) };
  } catch (error) {
    if (error instanceof GoneError) return undefined;
    throw explainSlots(error, queueKey);
  }
}
