import { endianness } from 'node:os';
import { native } from '../native.js';
import type { MessageType } from './message-type.js';

/** Where the body begins: after the type. */
const BODY = 8;
const LOW = endianness() === 'LE' ? 0 : 1;
const HIGH = 1 - LOW;
const TWO_32 = 2 ** 32;
/** Bodies of up to so many bytes are copied one by one: to call `set` takes longer. */
const FEW = 16;
const FIRST_ROOM = 8192;

let bytes: Buffer;
let words: Int32Array;
let longs: BigInt64Array;
/** Largest body that the buffer can take. */
let room = 0;

function allocate(size: number): void {
  const buffer = native.messageBuffer(size);
  bytes = Buffer.from(buffer);
  words = new Int32Array(buffer, 0, 2);
  longs = new BigInt64Array(buffer, 0, 1);
  room = size;
}

allocate(FIRST_ROOM);

/** Largest body, in bytes, that can be sent from the buffer as it is. */
export function bodyRoom(): number {
  return room;
}

/** Makes sure that a body of so many bytes has room. */
export function ensureRoom(size: number): void {
  if (size > room) allocate(Math.ceil(size / 8) * 8);
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

/** Writes a body after the type. Room for it has been made sure of. @returns its size in bytes */
export function writeBody(body: Uint8Array | string): number {
  if (typeof body === 'string') return bytes.write(body, BODY, 'utf8');
  const size = body.length;
  if (size > FEW) bytes.set(body, BODY);
  else for (let at = 0; at < size; at++) bytes[BODY + at] = body[at] as number;
  return size;
}
