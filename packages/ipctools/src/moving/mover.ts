import { setTimeout as delay } from 'node:timers/promises';
import type { MessageQueue, QueueEntry } from '@timeq/mq-native';
import {
  bootClock,
  complement,
  SLOT_STATE,
  SlotCalls,
  takenSize,
  verdictOn,
  whyUnknown,
} from '@timeq/mq-native/message-slots';
import { Failure } from '../failure.js';
import { nameQueue } from '../model/find-queue.js';
import type { MoveSlot } from './move-slot.js';

/** What to do with a message of which it can't be known whether it was sent. */
export type InDoubt = 'again' | 'skip' | undefined;

/** How the attempt to send ended. */
type Delivery = 'sent' | 'full' | 'interrupted';

/** When to stop waiting for room. */
export interface Patience {
  /** In milliseconds of performance.now(). */
  readonly until: number;
  readonly signal: AbortSignal;
}

/** Milliseconds between two looks whether there is room: a wait in the kernel would send from this process. */
const LOOK_AGAIN = 20;

/**
 * Moves one message after the other. msgrcv(2) writes a message straight into the slot, and this process or a child of it sends it,
 * whichever has not sent last. The kernel keeps the last sender's pid: so after a kill the slot and the queue tell where the
 * message is.
 */
export class Mover {
  readonly #place: MoveSlot;
  readonly #from: MessageQueue;
  readonly #to: MessageQueue;
  readonly #out: SlotCalls;

  constructor(place: MoveSlot, from: MessageQueue, to: MessageQueue) {
    this.#place = place;
    this.#from = from;
    this.#to = to;
    this.#out = new SlotCalls(from, place.attachment);
  }

  /** The type and size of the message at an index, which stays; undefined if there are not so many. */
  look(index: number): { readonly type: bigint; readonly size: number } | undefined {
    const { scratch } = this.#place;
    const size = this.#out.copy(scratch.at, scratch.room.length, index);
    return size === undefined ? undefined : { type: scratch.type, size };
  }

  /** Takes the message that was looked at last. Returns false if another program was faster. */
  take({ type, size }: { readonly type: bigint; readonly size: number }): boolean {
    const { slot, scratch } = this.#place;
    this.#place.destination = this.#to.id;
    // Every byte that the kernel writes changes, so after a kill the length is known.
    complement(scratch.room, slot.room, size);
    slot.want = size;
    slot.type = 0n;
    slot.state = SLOT_STATE.taking;
    let taken: number | undefined;
    try {
      taken = this.#out.take(slot.at, size, type);
    } finally {
      if (taken === undefined) slot.free();
    }
    if (taken === undefined) return false;
    slot.want = taken;
    slot.state = SLOT_STATE.taken;
    return true;
  }

  /** Waits until the destination has room for so many bytes. @throws Failure if it never will */
  async room(size: number, { until, signal }: Patience): Promise<'room' | 'full' | 'interrupted'> {
    for (;;) {
      const entry = this.#to.stat();
      if (entry.maxBytes !== undefined && size > entry.maxBytes)
        throw new Failure(
          `a message of ${size} bytes never fits into ${nameQueue(this.#to)}, which may hold ${entry.maxBytes}`,
        );
      if (hasRoom(entry, size)) return 'room';
      if (signal.aborted) return 'interrupted';
      if (performance.now() >= until) return 'full';
      await delay(LOOK_AGAIN);
    }
  }

  /** Sends what is in the slot to the destination, and waits for room. */
  async deliver(patience: Patience): Promise<Delivery> {
    const { slot } = this.#place;
    for (;;) {
      if (this.#send(this.#to) === 'sent') return 'sent';
      if (slot.state === SLOT_STATE.sending) {
        await this.settle(undefined);
        if (slot.isFree) return 'sent';
        continue;
      }
      const room = await this.room(slot.want, patience);
      if (room !== 'room') return room;
    }
  }

  /** Sends what is in the slot back to the end of the queue that it comes from. Returns whether it is there. */
  putBack(): boolean {
    return this.#send(this.#from) === 'sent';
  }

  /**
   * After a kill: finds out where the message in the slot is. The slot is free then, or it holds a message that was taken and not
   * sent.
   * @throws Failure if it can't be known, and `inDoubt` doesn't decide
   */
  async settle(inDoubt: InDoubt): Promise<void> {
    const { slot, scratch, lastSender } = this.#place;
    if (slot.state === SLOT_STATE.taking) {
      // The kernel writes the type with the body.
      if (slot.type === 0n) slot.free();
      else {
        slot.want = takenSize(slot.room, scratch.room, slot.want);
        slot.state = SLOT_STATE.taken;
      }
    }
    if (slot.state !== SLOT_STATE.sending) return;
    const queue = [this.#to, this.#from].find(({ id }) => id === slot.queue) ?? this.#to;
    const verdict = await verdictOn(slot, { queue, lastSender, since: slot.sequence });
    if (verdict === 'sent' || (verdict === 'unknown' && inDoubt === 'skip')) this.#leave();
    else if (verdict === 'not sent' || inDoubt === 'again') slot.state = SLOT_STATE.taken;
    else
      throw new Failure(
        `an earlier move was killed, and whether its last message (type ${slot.type}, ${slot.want} bytes) was sent to queue ${slot.queue} can't be known, because ${whyUnknown(slot, queue)}: look, and run it with --in-doubt again or --in-doubt skip`,
      );
  }

  #send(queue: MessageQueue): 'sent' | 'full' | 'killed' {
    const { slot, attachment } = this.#place;
    slot.pid = 0;
    const before = queue.stat().lastSendPid;
    slot.before = before;
    slot.queue = queue.id;
    slot.sequence = Number(bootClock() / 1_000_000_000n);
    slot.state = SLOT_STATE.sending;
    let sent: 'sent' | 'full' | 'killed' | undefined;
    try {
      sent = new SlotCalls(queue, attachment).send(slot.at, slot.want, slot.pidAt, before);
    } finally {
      if (sent === 'sent') this.#leave();
      else if (sent !== 'killed') slot.state = SLOT_STATE.taken;
    }
    return sent;
  }

  #leave(): void {
    this.#place.lastSender = this.#place.slot.pid;
    this.#place.slot.free();
  }
}

/** A queue holds at most its limit in bytes, and at most as many messages (msgop(2)). */
function hasRoom({ bytes, messages, maxBytes }: QueueEntry, size: number): boolean {
  return maxBytes === undefined || (bytes + size <= maxBytes && messages < maxBytes);
}
