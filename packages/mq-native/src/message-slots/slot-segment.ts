import { endianness } from 'node:os';
import type { Key } from '../key.js';

/**
 * A segment that holds messages of a queue: taken, and not yet where they go to; or on their way into it. As the liveness
 * semaphore is, this is a convention that other programs can follow and look for. All numbers are in the machine's order.
 *
 *   header   4096 bytes: the fields below; what is free belongs to the program that holds the messages
 *   scratch  a slot that is never held
 *   slots    each a head of 256 bytes, the last eight of which are the message type, and room for a body
 */
export interface SlotShape {
  readonly slots: number;
  /** The largest body, in bytes, a multiple of eight. */
  readonly room: number;
}

/** Which way the messages go: out of the queue into a stream, into it from one, or out of it into another queue. */
export type SlotDirection = 'out' | 'in' | 'move';

export const LITTLE_ENDIAN = endianness() === 'LE';
export const SLOT_HEADER_BYTES = 4096;
export const SLOT_HEAD_BYTES = 256;
/** Fields of the header; from FREE on they belong to the program. */
export const SLOT_HEADER = {
  magic: 0,
  slots: 12,
  room: 16,
  direction: 20,
  queueKey: 24,
  queueId: 28,
  free: 64,
} as const;
/** Where a slot has its state, in 32 bits, and its message type; the body follows the type. */
export const SLOT = { state: 0, free: 4, type: SLOT_HEAD_BYTES - 8, body: SLOT_HEAD_BYTES } as const;
export const SLOT_STATE = { free: 0, taking: 1, taken: 2, sending: 3 } as const;

/** "TIMEQSL" and the version of the layout, which is 0 until the rest is written. */
const MAGIC = Buffer.from('TIMEQSL\x01');
const BEGUN = Buffer.from('TIMEQSL\0');
/** The highest byte of the key of every such segment, 'q', so that it is known without being attached. */
const KEY_MARK = 0x71;
const DIRECTIONS: readonly SlotDirection[] = ['out', 'in', 'move'];

/** The key of the segment, and of the liveness semaphore beside it, for a queue's key and a direction. */
export function slotKey(queueKey: Key, direction: SlotDirection): Key {
  // FNV-1a, folded to 24 bits.
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${direction} ${queueKey}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  return ((KEY_MARK << 24) | ((hash >>> 24) ^ (hash & 0xffffff))) >>> 0;
}

export function slotSegmentBytes({ slots, room }: SlotShape): number {
  return SLOT_HEADER_BYTES + (slots + 1) * (SLOT_HEAD_BYTES + room);
}

/** Where the head of a slot begins; the scratch's for -1. */
export function slotAt({ room }: Pick<SlotShape, 'room'>, index: number): number {
  return SLOT_HEADER_BYTES + (index + 1) * (SLOT_HEAD_BYTES + room);
}

/** What a segment of messages says of itself. */
export interface SlotSegment extends SlotShape {
  readonly direction: SlotDirection;
  readonly queueKey: Key;
  readonly queueId: number;
  /** How many slots hold a message. */
  readonly held: number;
}

interface KeyAndSize {
  readonly key: Key;
  readonly bytes: number;
}

/** Whether a segment's key and size are those of one that holds messages of some queue. */
export function mayBeSlots({ key, bytes }: KeyAndSize): boolean {
  return key >>> 24 === KEY_MARK && bytes >= SLOT_HEADER_BYTES + SLOT_HEAD_BYTES;
}

/** Whether a segment's key and size are those of one that holds messages of the queue at that key. */
export function mayHoldSlots(segment: KeyAndSize, queueKey: Key): SlotDirection | undefined {
  if (!mayBeSlots(segment)) return undefined;
  return DIRECTIONS.find((direction) => slotKey(queueKey, direction) === segment.key);
}

/** Marks a new segment before anything else is written to it. */
export function beginSlotSegment(view: DataView): void {
  BEGUN.forEach((byte, index) => {
    view.setUint8(SLOT_HEADER.magic + index, byte);
  });
}

/** Whether a program was killed between making a segment and writing its header: it has the mark, or nothing but zeros. */
export function isUnwritten(view: DataView): boolean {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return bytes.subarray(0, BEGUN.length).equals(BEGUN) || bytes.every((byte) => byte === 0);
}

/** Writes the header of a new segment, the version of the layout last. The rest is zeros. */
export function writeSlotHeader(
  view: DataView,
  { slots, room, direction, queueKey, queueId }: Omit<SlotSegment, 'held'>,
): void {
  view.setUint32(SLOT_HEADER.slots, slots, LITTLE_ENDIAN);
  view.setUint32(SLOT_HEADER.room, room, LITTLE_ENDIAN);
  view.setUint32(SLOT_HEADER.direction, DIRECTIONS.indexOf(direction) + 1, LITTLE_ENDIAN);
  view.setUint32(SLOT_HEADER.queueKey, queueKey, LITTLE_ENDIAN);
  view.setInt32(SLOT_HEADER.queueId, queueId, LITTLE_ENDIAN);
  MAGIC.forEach((byte, index) => {
    view.setUint8(SLOT_HEADER.magic + index, byte);
  });
}

/** Reads a segment; undefined if it is none that holds messages, or one that is too short for what it says. */
export function readSlotSegment(view: DataView): SlotSegment | undefined {
  if (view.byteLength < SLOT_HEADER_BYTES) return undefined;
  if (!MAGIC.every((byte, index) => view.getUint8(SLOT_HEADER.magic + index) === byte)) return undefined;
  const slots = view.getUint32(SLOT_HEADER.slots, LITTLE_ENDIAN);
  const room = view.getUint32(SLOT_HEADER.room, LITTLE_ENDIAN);
  const direction = DIRECTIONS[view.getUint32(SLOT_HEADER.direction, LITTLE_ENDIAN) - 1];
  if (direction === undefined || room % 8 !== 0 || slots === 0) return undefined;
  if (slotSegmentBytes({ slots, room }) > view.byteLength) return undefined;
  let held = 0;
  for (let index = 0; index < slots; index++) {
    const state = view.getUint32(slotAt({ room }, index) + SLOT.state, LITTLE_ENDIAN);
    // One that is being taken holds a message once the kernel has written its type.
    const type = view.getBigInt64(slotAt({ room }, index) + SLOT.type, LITTLE_ENDIAN);
    if (state > SLOT_STATE.taking || (state === SLOT_STATE.taking && type !== 0n)) held += 1;
  }
  return {
    slots,
    room,
    direction,
    queueKey: view.getUint32(SLOT_HEADER.queueKey, LITTLE_ENDIAN),
    queueId: view.getInt32(SLOT_HEADER.queueId, LITTLE_ENDIAN),
    held,
  };
}
