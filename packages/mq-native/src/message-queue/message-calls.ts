import { native } from '../native.js';

/**
 * The calls that are made for each message. Their arguments and results pass through the registers, integers in memory
 * that script and C share (see native/addon.h). These functions and the registers never change, so V8 inlines them and
 * looks nothing up per message.
 *
 * Each returns the result of the system call, or -errno.
 */
const { msgsnd, msgsndBatch, msgsndUntil, msgrcv, msgrcvBatch, msgrcvUntil } = native;
const registers = new Int32Array(native.registersBuffer());

const RESULT = 0;
const ID = 1;
const BYTES = 2;
const FLAGS = 3;
const AT = 4;
const COUNT = 5;

/** Sends the message buffer's content, with a body of this many bytes. */
export function send(id: number, bytes: number, flags: number): number {
  registers[ID] = id;
  registers[BYTES] = bytes;
  registers[FLAGS] = flags;
  msgsnd();
  return registers[RESULT] as number;
}

/** Blocks this thread for at most this many milliseconds; Infinity for no limit. */
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

/** Receives a message into the slab at a place with room for a body of this many bytes. It tries `tries` times. */
export function receive(id: number, bytes: number, flags: number, at: number, tries: number): number {
  prepareReceive(id, bytes, flags, at, tries);
  msgrcv();
  return registers[RESULT] as number;
}

/** Blocks this thread for at most this many milliseconds; Infinity for no limit. */
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

/** Receives up to `count` records into the slab, from a place on. */
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
