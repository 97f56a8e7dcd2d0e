import { wallClock, type MessageType } from '@timeq/mq-native';
import { complement, SLOT_STATE, takenSize, type Slot, type SlotCalls } from '@timeq/mq-native/message-slots';
import type { SlotStore } from '../slots/slot-store.js';

/**
 * Takes messages out of the queue into slots, so that a kill at any moment neither loses nor changes one.
 *
 * msgrcv(2) writes type and body into the slot and returns the length in a register, which a kill loses. So this first
 * copies the message (MSG_COPY) to learn its length, and then receives with a buffer of exactly that size; a longer one fails.
 * The slot holds the complement of the copy by then, so that every byte that the kernel writes changes.
 */
export class Taker {
  readonly #store: SlotStore;
  readonly #type: bigint | undefined;
  #calls: SlotCalls;

  /** @param type takes this type only */
  constructor(store: SlotStore, calls: SlotCalls, type: MessageType | undefined) {
    this.#store = store;
    this.#calls = calls;
    this.#type = type === undefined ? undefined : BigInt(type);
  }

  /** Switches to another queue. */
  use(calls: SlotCalls): void {
    this.#calls = calls;
  }

  /**
   * Takes a message without waiting.
   * @returns false if there is none, and then the slot is free
   * @throws IpcError; GoneError
   */
  take(slot: Slot): boolean {
    const { scratch } = this.#store;
    for (;;) {
      const size = this.#copy();
      if (size === undefined) return false;
      complement(scratch.room, slot.room, size);
      this.#begin(slot, size);
      const taken = this.#receive(slot, size);
      if (taken !== undefined) {
        this.#end(slot, taken);
        return true;
      }
      // Another consumer was faster.
      slot.free();
    }
  }

  /**
   * Waits until there is a message. The kernel can't wait without taking an empty one, for which the slot is ready.
   * @returns whether it was taken; otherwise the slot is free
   * @throws AbortError; IpcError; GoneError
   */
  async wait(slot: Slot, signal: AbortSignal): Promise<boolean> {
    this.#begin(slot, 0);
    let taken = false;
    try {
      taken = await this.#calls.wait(slot.at, this.#type ?? 0, signal);
    } finally {
      if (taken) this.#end(slot, 0);
      else slot.free();
    }
    return taken;
  }

  /** Copies the next message of the type. */
  #copy(): number | undefined {
    const { scratch } = this.#store;
    for (let index = 0; ; index++) {
      const size = this.#calls.copy(scratch.at, scratch.room.length, index);
      if (size === undefined || this.#type === undefined || scratch.type === this.#type) return size;
    }
  }

  #receive(slot: Slot, size: number): number | undefined {
    try {
      return this.#calls.take(slot.at, size, this.#type ?? 0);
    } catch (error) {
      slot.free();
      throw error;
    }
  }

  #begin(slot: Slot, size: number): void {
    const { header } = this.#store;
    const generation = header.generation + 1;
    header.generation = generation;
    slot.generation = generation;
    slot.after = header.acked;
    slot.want = size;
    slot.type = 0n;
    slot.time = wallClock();
    slot.state = SLOT_STATE.taking;
  }

  #end(slot: Slot, size: number): void {
    slot.want = size;
    slot.state = SLOT_STATE.taken;
  }
}

/** After a kill: decides about the slot that was being filled, if there is one. The kernel writes the type with the body. */
export function settleTaking(store: SlotStore): void {
  for (const slot of store.slots) {
    if (slot.state !== SLOT_STATE.taking) continue;
    if (slot.type === 0n) {
      slot.free();
      continue;
    }
    slot.want = takenSize(slot.room, store.scratch.room, slot.want);
    slot.state = SLOT_STATE.taken;
  }
}
