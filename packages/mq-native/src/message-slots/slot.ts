import { LITTLE_ENDIAN, SLOT, SLOT_STATE } from './slot-segment.js';
import { readNumber, writeNumber } from './numbers.js';

const FIELD = {
  pid: SLOT.free,
  generation: SLOT.free + 4,
  after: SLOT.free + 12,
  want: SLOT.free + 20,
  before: SLOT.free + 24,
  sequence: SLOT.free + 28,
  time: SLOT.free + 36,
  queue: SLOT.free + 44,
} as const;

/** A body of the same size that has no byte in common with another one. */
export function complement(from: Uint8Array, to: Uint8Array, size: number): void {
  for (let index = 0; index < size; index++) to[index] = ~(from[index] as number);
}

/**
 * How long a message is that was taken with room for `size`. All of it was written if it is the one that was copied; of a
 * shorter one that another program let through, what is behind it is still the complement of the copy.
 */
export function takenSize(taken: Uint8Array, copy: Uint8Array, size: number): number {
  let length = size;
  while (length > 0 && taken[length - 1] === (~(copy[length - 1] as number) & 0xff)) length -= 1;
  return length;
}

/**
 * One slot of the segment. Its state is written last before a call of the kernel, and first after it; after a kill it tells
 * how far its program got.
 */
export class Slot {
  readonly index: number;
  /** Where the message is in the segment: type, then body. */
  readonly at: number;
  /** Where the sender's pid is put. */
  readonly pidAt: number;
  /** The room for the body, in the segment itself. */
  readonly room: Buffer;
  readonly #view: DataView;
  readonly #head: number;

  /** @param head where the slot begins */
  constructor(view: DataView, index: number, head: number, room: number) {
    this.index = index;
    this.at = head + SLOT.type;
    this.pidAt = head + FIELD.pid;
    this.room = Buffer.from(view.buffer, view.byteOffset + head + SLOT.body, room);
    this.#view = view;
    this.#head = head;
  }

  get state(): number {
    return this.#view.getUint32(this.#head + SLOT.state, LITTLE_ENDIAN);
  }

  set state(state: number) {
    this.#view.setUint32(this.#head + SLOT.state, state, LITTLE_ENDIAN);
  }

  get type(): bigint {
    return this.#view.getBigInt64(this.#head + SLOT.type, LITTLE_ENDIAN);
  }

  set type(type: bigint) {
    this.#view.setBigInt64(this.#head + SLOT.type, type, LITTLE_ENDIAN);
  }

  /** The size of the body in bytes; while the message is being taken, the size that is asked for. */
  get want(): number {
    return this.#view.getUint32(this.#head + FIELD.want, LITTLE_ENDIAN);
  }

  set want(bytes: number) {
    this.#view.setUint32(this.#head + FIELD.want, bytes, LITTLE_ENDIAN);
  }

  /** The number of this message; with the segment's instance it names it for ever. */
  get generation(): number {
    return readNumber(this.#view, this.#head + FIELD.generation);
  }

  set generation(value: number) {
    writeNumber(this.#view, this.#head + FIELD.generation, value);
  }

  /** The highest sequence that the stream had acknowledged before: if it is in the stream, then behind that. */
  get after(): number {
    return readNumber(this.#view, this.#head + FIELD.after);
  }

  set after(value: number) {
    writeNumber(this.#view, this.#head + FIELD.after, value);
  }

  /** The process that sends it; 0: none does yet. */
  get pid(): number {
    return this.#view.getInt32(this.#head + FIELD.pid, LITTLE_ENDIAN);
  }

  set pid(pid: number) {
    this.#view.setInt32(this.#head + FIELD.pid, pid, LITTLE_ENDIAN);
  }

  /** Who had sent to the queue last before. */
  get before(): number {
    return this.#view.getInt32(this.#head + FIELD.before, LITTLE_ENDIAN);
  }

  set before(pid: number) {
    this.#view.setInt32(this.#head + FIELD.before, pid, LITTLE_ENDIAN);
  }

  /** The id of the queue into which it is sent. */
  get queue(): number {
    return this.#view.getInt32(this.#head + FIELD.queue, LITTLE_ENDIAN);
  }

  set queue(id: number) {
    this.#view.setInt32(this.#head + FIELD.queue, id, LITTLE_ENDIAN);
  }

  /** The sequence that it has in the stream it comes from. */
  get sequence(): number {
    return readNumber(this.#view, this.#head + FIELD.sequence);
  }

  set sequence(value: number) {
    writeNumber(this.#view, this.#head + FIELD.sequence, value);
  }

  /** When it came into the slot, in nanoseconds since the epoch. */
  get time(): bigint {
    return this.#view.getBigInt64(this.#head + FIELD.time, LITTLE_ENDIAN);
  }

  set time(nanoseconds: bigint) {
    this.#view.setBigInt64(this.#head + FIELD.time, nanoseconds, LITTLE_ENDIAN);
  }

  /** The body, in the segment itself. */
  get body(): Buffer {
    return this.room.subarray(0, this.want);
  }

  get isFree(): boolean {
    return this.state === SLOT_STATE.free;
  }

  /** Whether it holds a message: one that is being taken does once the kernel has written its type. */
  get holdsMessage(): boolean {
    return !this.isFree && (this.state !== SLOT_STATE.taking || this.type !== 0n);
  }

  free(): void {
    this.state = SLOT_STATE.free;
  }
}
