import { endianness } from 'node:os';
import { native } from '../native.js';
import { readQueueLimits } from './queue-limits.js';
import type { MessageType } from './message-type.js';

/** Where the body begins: after the type. */
const BODY = 8;
const LOW = endianness() === 'LE' ? 0 : 1;
const HIGH = 1 - LOW;
const TWO_32 = 2 ** 32;
/** Types from here on, and below the negative of it, are not exact as numbers. */
const HIGH_OF_2_53 = 2 ** 21;

/** Largest body that a message can have on any machine: msgmax is an int. */
const LARGEST = 2 ** 31 - 1 - BODY;

let bytes: Buffer;
let words: Int32Array;
let longs: BigInt64Array;
/** Largest body that the buffer can take. */
let room = 0;

function allocate(size: number): void {
  const buffer = native.messageBuffer(size);
  bytes = Buffer.from(buffer);
  words = new Int32Array(buffer, 0, 2 * Math.floor(buffer.byteLength / 8));
  longs = new BigInt64Array(buffer, 0, Math.floor(buffer.byteLength / 8));
  room = size;
}

function roundUp(size: number): number {
  return Math.ceil(size / 8) * 8;
}

/** Largest body that is to be expected: msgmax as it was when the addon was loaded. */
export const usualLargest = readQueueLimits()?.maxMessageBytes ?? 8192;

allocate(roundUp(usualLargest));

/** Largest body, in bytes, that can be received into the buffer as it is. */
export function bodyRoom(): number {
  return room;
}

/**
 * Makes room for a body that did not fit. A queue may hold messages above msgmax if it was lowered since, so the
 * size doubles beyond it.
 * @returns false if there is nothing larger
 */
export function growRoom(): boolean {
  if (room >= LARGEST) return false;
  const limit = readQueueLimits()?.maxMessageBytes ?? 0;
  allocate(Math.min(LARGEST, roundUp(Math.max(limit, 2 * room))));
  return true;
}

/** Makes sure that a body, or a batch, of so many bytes has room. */
export function ensureRoom(size: number): void {
  if (size > room) allocate(roundUp(size));
}

/** Writes a type to send or to select by. It has been checked. */
export function writeType(type: MessageType): void {
  if (typeof type === 'number') {
    words[LOW] = type;
    words[HIGH] = type >= 0 && type < TWO_32 ? 0 : Math.floor(type / TWO_32);
  } else {
    longs[0] = type;
  }
}

/** The type that stands at a place in the buffer, counted in units of eight bytes. */
export function readType(at = 0): MessageType {
  const high = words[2 * at + HIGH] as number;
  if (high === 0) return (words[2 * at + LOW] as number) >>> 0;
  if (high >= HIGH_OF_2_53 || high < -HIGH_OF_2_53) return longs[at] as bigint;
  return high * TWO_32 + ((words[2 * at + LOW] as number) >>> 0);
}

/** Writes a body after the type. Room for it has been made sure of. @returns its size in bytes */
export function writeBody(body: Uint8Array | string): number {
  if (typeof body === 'string') return bytes.write(body, BODY, 'utf8');
  bytes.set(body, BODY);
  return body.byteLength;
}

/** A copy of the body that begins at `start` bytes. */
export function readBody(size: number, start = BODY): Buffer {
  const body = Buffer.allocUnsafe(size);
  bytes.copy(body, 0, start, start + size);
  return body;
}

/** The size in front of a record of a batch. */
export function readSize(at: number): number {
  return words[2 * at + LOW] as number;
}
