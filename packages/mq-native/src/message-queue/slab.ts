import { endianness } from 'node:os';
import { markAsUntransferable } from 'node:worker_threads';
import { native } from '../native.js';
import { madeMemory } from './memory.js';
import type { MessageType } from './message-type.js';
import { readQueueLimits } from './queue-limits.js';
import { readType } from './type-words.js';

/**
 * The memory into which messages are received. A body is a view of the slab that received it, so nothing is copied a
 * second time. A body that is kept keeps its slab: some 40 KiB with the usual limits, with all that arrived in it.
 */

/** A 64-bit unit, in bytes: the type stands in front of the body, in a batch also the body's size. */
const UNIT = 8;
const LOW = endianness() === 'LE' ? 0 : 1;
/** Room beyond the largest body. */
const SHARE = 32 * 1024;
/** Bodies above this size get a slab of their own. */
const LARGEST_SHARED = 64 * 1024;
/** Each waiting thread has as much memory of its own, of which it touches only what a message needs. */
const LARGEST_AWAITED = 1024 * 1024;
/** Largest possible body on any machine: msgmax is an int. */
const LARGEST = 2 ** 31 - 1 - UNIT;

/** The class of the views that Buffer.from() makes of memory. Its checks take longer than the view. */
const View = (Buffer as unknown as { readonly [Symbol.species]: ViewConstructor })[Symbol.species];
type ViewConstructor = new (memory: ArrayBuffer, at: number, bytes: number) => Buffer;

let memory: ArrayBuffer;
let words: Int32Array;
let longs: BigInt64Array;
let size = 0;
/** How many bytes of it are in use. */
let used = 0;
/** Whether it also serves the messages after the next one. */
let shared = true;
let largest = 0;
let awaited = 0;

function allocate(bytes: number): void {
  const isShared = bytes <= largest;
  const newSize = Math.ceil((bytes + 2 * UNIT + (isShared ? SHARE : 0)) / UNIT) * UNIT;
  // If there is no memory, the previous slab stays in use.
  memory = madeMemory(native.slab(newSize));
  size = newSize;
  shared = isShared;
  // The holder of a view must not be able to transfer the memory that the next message is received into.
  markAsUntransferable(memory);
  words = new Int32Array(memory);
  longs = new BigInt64Array(memory);
  used = 0;
}

/** Follows msgmax, which may be changed while a program runs. */
export function followLimit(): void {
  const limit = readQueueLimits()?.maxMessageBytes ?? 8192;
  largest = Math.min(limit, LARGEST_SHARED);
  awaited = Math.min(limit, LARGEST_AWAITED);
}

followLimit();

/** Largest body that a shared slab takes, in bytes: msgmax, or 64 KiB. */
export function usualLargest(): number {
  return largest;
}

/** Largest body that a waiting thread has room for, in bytes: msgmax, or 1 MiB. */
export function largestAwaited(): number {
  return awaited;
}

/** Makes room for a message, or for records of a batch, with a body of so many bytes. @returns where, in bytes */
export function makeRoom(bytes: number): number {
  // Its length is 0 if a program has detached it.
  if (used + 2 * UNIT + bytes > size || words.length === 0) allocate(Math.max(bytes, largest));
  return used;
}

/** Whether another record of a batch has room. */
export function hasRoom(): boolean {
  return used + 2 * UNIT + largest <= size;
}

/**
 * A larger size for a body that did not fit. A queue may hold messages above msgmax if that was lowered since.
 * @returns the next size to try; undefined if there is none
 */
export function nextRoom(bytes: number): number | undefined {
  if (bytes >= LARGEST) return undefined;
  return Math.min(LARGEST, Math.max(readQueueLimits()?.maxMessageBytes ?? 0, 2 * bytes));
}

/** The type of a message at a place in the slab. */
export function typeAt(at: number): MessageType {
  return readType(words, longs, at / UNIT);
}

/** The body of a message at a place in the slab. That part of the slab is never written again. */
export function bodyAt(at: number, bytes: number): Buffer {
  used = at + UNIT + ((bytes + 7) & ~7);
  return new View(memory, at + UNIT, bytes);
}

/** The size of the body in a record of a batch. Its message follows after eight bytes. */
export function sizeAt(at: number): number {
  return words[(2 * at) / UNIT + LOW] as number;
}

/** Drops a slab that was made for one large message: a small body after it would keep it. */
export function dropLargeSlab(): void {
  if (!shared) used = size;
}
