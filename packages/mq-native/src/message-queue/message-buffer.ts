import { endianness } from 'node:os';
import { native } from '../native.js';
import { byteCount } from './body.js';
import { madeMemory } from './memory.js';
import type { MessageType } from './message-type.js';

/** Where the body begins: after the type. */
const BODY = 8;
const LOW = endianness() === 'LE' ? 0 : 1;
const HIGH = 1 - LOW;
const TWO_32 = 2 ** 32;
/** Bodies up to this size are copied byte by byte: calling `set` takes longer. */
const FEW = 16;
/** In front of the body in a record of a batch: its size, and the type. */
const HEAD = 16;
const FIRST_ROOM = 16 * 1024;

/** As a method of the buffer it would be looked up at each call. */
// oxlint-disable-next-line typescript/unbound-method
const { set } = Uint8Array.prototype;

let bytes: Buffer;
let words: Int32Array;
let longs: BigInt64Array;
/** Largest body that the buffer can take. */
let room = 0;

function allocate(size: number): void {
  const buffer = madeMemory(native.messageBuffer(size));
  bytes = Buffer.from(buffer);
  words = new Int32Array(buffer);
  longs = new BigInt64Array(buffer);
  room = size;
}

allocate(FIRST_ROOM);

/** Largest body, in bytes, that can be sent from the buffer as it is. */
export function bodyRoom(): number {
  return room;
}

/** Makes room for a body of this many bytes. */
export function ensureRoom(size: number): void {
  if (size > room) allocate(Math.ceil(size / 8) * 8);
}

/** Writes a type to send or to select by, which was checked before. */
export function writeType(type: MessageType): void {
  writeTypeAt(0, type);
}

/** @param at counted in units of eight bytes */
function writeTypeAt(at: number, type: MessageType): void {
  if (typeof type === 'number') {
    words[2 * at + LOW] = type;
    words[2 * at + HIGH] = type >= 0 && type < TWO_32 ? 0 : Math.floor(type / TWO_32);
  } else {
    longs[at] = type;
  }
}

/** Writes a body after the type. The caller has made room for it. @returns its size in bytes */
export function writeBody(body: Uint8Array | string): number {
  return writeBodyAt(BODY, body);
}

function writeBodyAt(at: number, body: Uint8Array | string): number {
  if (typeof body === 'string') return bytes.write(body, at, 'utf8');
  const size = byteCount(body);
  if (size > FEW) set.call(bytes, body, at);
  else for (let index = 0; index < size; index++) bytes[at + index] = body[index] as number;
  return size;
}

/** Whether a batch has room from this place on for a body of up to this many bytes. */
export function hasRecordRoom(at: number, most: number): boolean {
  return at + HEAD + most <= BODY + room;
}

/** Makes room in a batch for a first body of this many bytes. */
export function ensureRecordRoom(most: number): void {
  ensureRoom(most + HEAD - BODY);
}

/** Writes a message as a record of a batch. The caller has made room for it. @returns where the next one begins */
export function writeRecord(at: number, type: MessageType, body: Uint8Array | string): number {
  const size = writeBodyAt(at + HEAD, body);
  words[at / 4 + LOW] = size;
  words[at / 4 + HIGH] = 0;
  writeTypeAt(at / 8 + 1, type);
  return at + HEAD + ((size + 7) & ~7);
}
