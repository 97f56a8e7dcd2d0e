import { native } from '../native.js';

/**
 * The calls that are made for each message. Their arguments and results pass through the registers, integers in memory
 * that script and C share (see native/addon.h). All of this is the module's own and never changes, so V8 compiles it in
 * and looks nothing up for a message.
 *
 * Each answers with the result of the system call, or -errno.
 */
const { msgsnd, msgsndBatch, msgsndUntil, msgrcv, msgrcvBatch, msgrcvUntil } = native;
const registers = new Int32Array(native.registersBuffer());

const RESULT = 0;
const ID = 1;
const BYTES = 2;
const FLAGS = 3;
const AT = 4;
const COUNT = 5;

/** Sends what is in the message buffer, with a body of so many bytes. */
export function send(id: number, bytes: number, flags: number): number {
  registers[ID] = id;
  registers[BYTES] = bytes;
  registers[FLAGS] = flags;
  msgsnd();
  return registers[RESULT] as number;
}

/** Blocks this thread, for so many milliseconds at most; Infinity for as long as it takes. */
export function sendBlocking(id: number, bytes: number, milliseconds: number): number {
  if (milliseconds === Infinity) return send(id, bytes, 0);
  registers[ID] = id;
  registers[BYTES] = bytes;
  msgsndUntil(milliseconds);
  return registers[RESULT] as number;
}

/** Sends the records in the message buffer. */
export function sendBatch(id: number, flags: number, count: number): number {
  registers[ID] = id;
  registers[FLAGS] = flags;
  registers[COUNT] = count;
  msgsndBatch();
  return registers[RESULT] as number;
}

/** Puts a message at a place in the slab that has room for a body of so many bytes. It looks `tries` times. */
export function receive(id: number, bytes: number, flags: number, at: number, tries: number): number {
  prepareReceive(id, bytes, flags, at, tries);
  msgrcv();
  return registers[RESULT] as number;
}

/** Blocks this thread, for so many milliseconds at most; Infinity for as long as it takes. */
export function receiveBlocking(
  id: number,
  bytes: number,
  flags: number,
  at: number,
  milliseconds: number,
): number {
  prepareReceive(id, bytes, flags, at, 1);
  if (milliseconds === Infinity) msgrcv();
  else msgrcvUntil(milliseconds);
  return registers[RESULT] as number;
}

/** Puts up to `count` records into the slab, from a place on. */
export function receiveBatch(id: number, bytes: number, flags: number, at: number, count: number): number {
  prepareReceive(id, bytes, flags, at, count);
  msgrcvBatch();
  return registers[RESULT] as number;
}

function prepareReceive(id: number, bytes: number, flags: number, at: number, count: number): void {
  registers[ID] = id;
  registers[BYTES] = bytes;
  registers[FLAGS] = flags;
  registers[AT] = at;
  registers[COUNT] = count;
}
