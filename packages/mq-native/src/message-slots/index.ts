export { bootClock } from '../clock.js';
export { readNumber, writeNumber } from './numbers.js';
export { complement, Slot, takenSize } from './slot.js';
export { SlotCalls, type SlotSend } from './slot-calls.js';
export {
  beginSlotSegment,
  isUnwritten,
  LITTLE_ENDIAN,
  mayBeSlots,
  mayHoldSlots,
  readSlotSegment,
  SLOT,
  SLOT_HEAD_BYTES,
  SLOT_HEADER,
  SLOT_HEADER_BYTES,
  SLOT_STATE,
  slotAt,
  slotKey,
  slotSegmentBytes,
  writeSlotHeader,
  type SlotDirection,
  type SlotSegment,
  type SlotShape,
} from './slot-segment.js';
export { strangerOf } from './stranger.js';
export { decide, verdictOn, whyUnknown, type Doubt, type Verdict } from './verdict.js';
