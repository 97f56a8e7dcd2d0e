import type { MessageQueue } from '@timeq/mq-native';
import {
  bootClock,
  type Slot,
  SLOT_STATE,
  type SlotCalls,
  type SlotSend,
  verdictOn,
  whyUnknown,
} from '@timeq/mq-native/message-slots';
import { BridgeError } from '../bridge-error.js';
import type { Log } from '../log.js';
import type { SlotStore } from '../slots/slot-store.js';

const NANOSECONDS = 1_000_000_000n;

/** What to do with a message that may or may not have been sent. */
export type InDoubt = 'again' | 'skip' | 'stop';

/**
 * Sends messages of the stream into the queue. msgsnd(2) leaves no trace in the sender's memory, but the kernel keeps the last
 * sender's pid (msg_lspid). So this process and a child of it take turns: after a kill, the successor sees which of the two
 * has sent last, and so whether the message was sent.
 */
export class Sender {
  readonly #store: SlotStore;
  readonly #slot: Slot;
  readonly #log: Log;
  #queue: MessageQueue;
  #calls: SlotCalls;
  #warned = false;

  constructor(store: SlotStore, queue: MessageQueue, calls: SlotCalls, log: Log) {
    const [slot] = store.slots;
    if (slot === undefined) throw new RangeError('a store has one slot at least');
    this.#store = store;
    this.#slot = slot;
    this.#queue = queue;
    this.#calls = calls;
    this.#log = log;
  }

  /** Switches to another queue. */
  use(queue: MessageQueue, calls: SlotCalls): void {
    this.#queue = queue;
    this.#calls = calls;
  }

  /** Whether a message is in the slot. */
  get isHeld(): boolean {
    return !this.#slot.isFree;
  }

  /** The message in the slot: its sequence in the stream, and a copy of its body. */
  get held(): { readonly seq: number; readonly data: Uint8Array } {
    return { seq: this.#slot.sequence, data: Buffer.from(this.#slot.body) };
  }

  /** Puts a message into the slot, before anything is sent. */
  hold(sequence: number, type: bigint, body: Uint8Array): void {
    const slot = this.#slot;
    slot.sequence = sequence;
    slot.type = type;
    slot.want = body.length;
    slot.room.set(body);
    slot.pid = 0;
    slot.state = SLOT_STATE.taken;
  }

  /**
   * Sends the message in the slot, if the queue has room.
   * @throws IpcError EAGAIN for a body that even the empty queue has no room for; GoneError
   */
  send(): SlotSend {
    const slot = this.#slot;
    const { header } = this.#store;
    const before = this.#queue.stat().lastSendPid;
    this.#checkForeign(before);
    slot.pid = 0;
    slot.before = before;
    slot.queue = this.#queue.id;
    // The wall clock may be set.
    slot.time = bootClock() / NANOSECONDS;
    slot.state = SLOT_STATE.sending;
    let sent: SlotSend | undefined;
    try {
      sent = this.#calls.send(slot.at, slot.want, slot.pidAt, before);
    } finally {
      if (sent === 'sent') this.#sent();
      else if (sent !== 'killed') slot.state = SLOT_STATE.taken;
    }
    header.add('moved', sent === 'sent' ? 1 : 0);
    return sent;
  }

  /** Skips the message in the slot. */
  pass(): void {
    this.#store.header.position = this.#slot.sequence;
    this.#slot.free();
  }

  /** After a kill: decides whether the message was sent. @throws BridgeError if --in-doubt is stop */
  async settle(inDoubt: InDoubt): Promise<void> {
    const slot = this.#slot;
    if (slot.state !== SLOT_STATE.sending) return;
    const { header } = this.#store;
    if (slot.sequence <= header.position) {
      slot.free();
      return;
    }
    header.add('doubted');
    const verdict = await verdictOn(slot, {
      queue: this.#queue,
      lastSender: header.lastSender,
      since: Number(slot.time),
    });
    if (verdict === 'sent') {
      header.add('moved');
      this.#sent();
    } else if (verdict === 'not sent') slot.state = SLOT_STATE.taken;
    else this.#follow(inDoubt);
  }

  #follow(inDoubt: InDoubt): void {
    const slot = this.#slot;
    const { header } = this.#store;
    const { sequence } = slot;
    const message = `whether message ${sequence} of the stream was sent can't be known, because ${whyUnknown(slot, this.#queue)}`;
    if (inDoubt === 'stop') {
      throw new BridgeError(
        'FAILED',
        `${message}; start the bridge with --in-doubt again or --in-doubt skip`,
      );
    }
    header.add(inDoubt === 'again' ? 'doubtedAgain' : 'doubtedSkipped');
    this.#log({
      level: 'warning',
      event: 'in-doubt',
      message: `${message}: it is ${inDoubt === 'again' ? 'sent again' : 'skipped'} (--in-doubt ${inDoubt})`,
      details: { sequence, decision: inDoubt },
    });
    if (inDoubt === 'skip') this.pass();
    else slot.state = SLOT_STATE.taken;
  }

  #sent(): void {
    const { header } = this.#store;
    header.lastSender = this.#slot.pid;
    this.pass();
  }

  #checkForeign(last: number): void {
    if (
      this.#warned ||
      last === 0 ||
      last === this.#store.header.lastSender ||
      this.#store.header.lastSender === 0
    )
      return;
    this.#warned = true;
    this.#log({
      level: 'warning',
      event: 'other-sender',
      message: `process ${last} sends to the queue as well: after a kill of this bridge one message can be in doubt (--in-doubt)`,
      details: { pid: last },
    });
  }
}
