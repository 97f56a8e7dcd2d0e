import { randomBytes } from 'node:crypto';
import {
  formatKey,
  HeldError,
  IpcError,
  Liveness,
  MessageQueue,
  SharedMemory,
  type Attachment,
  type Key,
} from '@timeq/mq-native';
import {
  beginSlotSegment,
  isUnwritten,
  readSlotSegment,
  type Slot,
  type SlotDirection,
  slotKey,
  slotSegmentBytes,
  type SlotShape,
  strangerOf,
  writeSlotHeader,
} from '@timeq/mq-native/message-slots';
import { formatMessages } from '../format-messages.js';
import { BridgeError } from '../bridge-error.js';
import { queueAt } from '../queue.js';
import { explainSlots, openSegment } from './find-segment.js';
import type { Header } from './header.js';
import { refuseLoop } from './refuse-loop.js';
import { RemovalWatch } from './removal-watch.js';
import { SlotMemory } from './slot-memory.js';

const PAGE_BYTES = 4096;
const MODE = 0o600;

export interface StoreOptions {
  readonly direction: SlotDirection;
  /** The most messages under way at the same time. */
  readonly slots: number;
  readonly stream: string;
  /** The subjects that are published to, or read. */
  readonly subject: string;
}

/**
 * The slots of one bridge: a segment of shared memory at a key of its own, which the kernel keeps for as long as it keeps
 * the queue, and which no other bridge uses at the same time.
 */
export class SlotStore implements Disposable {
  readonly key: Key;
  readonly removal = new RemovalWatch(this);
  readonly #liveness: Liveness;
  #memory: SlotMemory;

  private constructor(segment: SharedMemory, attachment: Attachment, shape: SlotShape, liveness: Liveness) {
    this.key = liveness.key;
    this.#liveness = liveness;
    this.#memory = new SlotMemory(segment, attachment, shape);
  }

  /**
   * Claims the slots of a queue and a direction for this process, and makes them where there are none.
   * @throws BridgeError HELD, NOT_PERMITTED, FAILED, or WRONG_SETTING, also for a loop with a bridge of the other direction
   */
  static open(queue: MessageQueue, options: StoreOptions): SlotStore {
    const queueKey = queueKeyOf(queue);
    const liveness = claim(slotKey(queueKey, options.direction), queueKey);
    let store: SlotStore | undefined;
    try {
      refuseLoop(queueKey, options);
      const shape = { slots: options.slots, room: roomFor(queue) };
      const found = openSegment(liveness.key);
      refuseStranger(found, queue);
      store =
        (found && SlotStore.#keep(found, shape, options, liveness)) ??
        SlotStore.#make(queue, shape, options, liveness);
      // Of two bridges that start at the same time, the later one sees the other by now.
      refuseLoop(queueKey, options);
      return store;
    } catch (error) {
      store?.attachment.detach();
      liveness.release();
      throw explainSlots(error, queueKey);
    }
  }

  /**
   * The slots of a queue that no bridge uses, as they were left.
   * @returns undefined if there are none
   * @throws BridgeError HELD, NOT_PERMITTED or FAILED
   */
  static openLeft(queueKey: Key, direction: SlotDirection): SlotStore | undefined {
    const key = slotKey(queueKey, direction);
    if (openSegment(key) === undefined) return undefined;
    const liveness = claim(key, queueKey);
    try {
      const segment = openSegment(key);
      refuseStranger(segment, queueAt(queueKey));
      const attachment = segment?.attach();
      const shape = attachment && readSlotSegment(attachment.view(DataView));
      if (segment !== undefined && attachment !== undefined && shape !== undefined) {
        return new SlotStore(segment, attachment, shape, liveness);
      }
      attachment?.detach();
      liveness.release();
      return undefined;
    } catch (error) {
      liveness.release();
      throw explainSlots(error, queueKey);
    }
  }

  /** What is in a segment already; undefined if it holds nothing and is of another kind: it is removed then. */
  static #keep(
    segment: SharedMemory,
    wanted: SlotShape,
    { stream, subject, direction }: StoreOptions,
    liveness: Liveness,
  ): SlotStore | undefined {
    const attachment = segment.attach();
    const found = readSlotSegment(attachment.view(DataView));
    if (found === undefined || found.direction !== direction) {
      const unwritten = isUnwritten(attachment.view(DataView));
      attachment.detach();
      if (unwritten && segment.stat().attachments === 0) {
        segment.remove();
        return undefined;
      }
      throw new BridgeError(
        'FAILED',
        `segment ${segment.id} (key ${formatKey(liveness.key)}) is at the key of the slots and is no bridge's; remove it ` +
          `with \`ipcrm -m ${segment.id}\` if no program needs it`,
      );
    }
    const store = new SlotStore(segment, attachment, found, liveness);
    const { header } = store;
    const same = header.stream === stream && header.subject === subject;
    if (found.held > 0 && !same) {
      const other = `--stream ${header.stream} --subject ${header.subject}`;
      attachment.detach();
      throw new BridgeError(
        'FAILED',
        `slots hold ${formatMessages(found.held)} of a bridge with ${other}; start that one first, or put them back with ` +
          `\`timeq-bridge slots ${formatKey(found.queueKey)} --to-queue\``,
      );
    }
    const fits = found.slots === wanted.slots && found.room >= wanted.room;
    // A position in the stream is kept as well.
    if (found.held > 0 || (same && (fits || direction === 'in'))) {
      store.#stay();
      return store;
    }
    attachment.detach();
    segment.remove();
    return undefined;
  }

  static #make(queue: MessageQueue, shape: SlotShape, options: StoreOptions, liveness: Liveness): SlotStore {
    const segment = SharedMemory.create(liveness.key, { bytes: slotSegmentBytes(shape), mode: MODE });
    const attachment = segment.attach();
    beginSlotSegment(attachment.view(DataView));
    const store = new SlotStore(segment, attachment, shape, liveness);
    try {
      store.#stay();
      store.header.instance = randomBytes(8).toString('hex');
      store.header.stream = options.stream;
      store.header.subject = options.subject;
      writeSlotHeader(attachment.view(DataView), {
        ...shape,
        direction: options.direction,
        queueKey: queueKeyOf(queue),
        queueId: queue.id,
      });
      return store;
    } catch (error) {
      attachment.detach();
      segment.remove();
      throw error;
    }
  }

  get attachment(): Attachment {
    return this.#memory.attachment;
  }

  get header(): Header {
    return this.#memory.header;
  }

  get slots(): readonly Slot[] {
    return this.#memory.slots;
  }

  /** Scratch space for one message, which never holds one. */
  get scratch(): Slot {
    return this.#memory.scratch;
  }

  /** The slots that are not free, the oldest first. */
  get held(): Slot[] {
    return this.slots.filter((slot) => !slot.isFree).toSorted((a, b) => a.generation - b.generation);
  }

  /** Whether the segment was removed under this bridge: its memory goes with this process. */
  get isRemoved(): boolean {
    return this.#memory.segment.stat().dest;
  }

  /**
   * Copies everything to a new segment, for one that was removed under this bridge. No bridge may use the slots meanwhile, and
   * those of before are no longer attached.
   * @returns the id of the new segment
   */
  renew(): number {
    const old = this.#memory;
    const segment = SharedMemory.create(this.key, { bytes: old.attachment.buffer.byteLength, mode: MODE });
    const attachment = segment.attach();
    beginSlotSegment(attachment.view(DataView));
    const [from, to] = [old.attachment.view(Uint8Array), attachment.view(Uint8Array)];
    // The mark of a whole segment last, as in a new one.
    to.set(from.subarray(8), 8);
    to.set(from.subarray(0, 8));
    this.#memory = new SlotMemory(segment, attachment, {
      slots: old.slots.length,
      room: old.scratch.room.length,
    });
    this.#stay();
    old.detach();
    return segment.id;
  }

  /** Releases the slots, and keeps their messages. Slots without any need not stay in memory, as ipctools sees. */
  close(): void {
    if (this.held.length === 0) this.#unlock();
    this.#memory.detach();
    this.#liveness.release();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /**
   * Locks the pages and touches each: then the kernel copies a message into them without a page fault, in which it could be
   * lost. SHM_LOCK alone fetches no page (shmctl(2)).
   */
  #stay(): void {
    const { byteLength } = this.attachment.buffer;
    try {
      this.#memory.segment.lock();
    } catch (error) {
      if (!(error instanceof IpcError) || (error.code !== 'ENOMEM' && error.code !== 'EPERM')) throw error;
      throw new BridgeError(
        'NOT_PERMITTED',
        `the slots can't be locked into memory (${error.code}): allow this process ${byteLength} bytes with \`ulimit -l\` ` +
          'or LimitMEMLOCK=, or use fewer --slots',
      );
    }
    const words = this.attachment.view(Int32Array, { length: Math.floor(byteLength / 4) });
    for (let word = 0; word < words.length; word += PAGE_BYTES / 4) Atomics.add(words, word, 0);
  }

  #unlock(): void {
    try {
      this.#memory.segment.unlock();
    } catch (error) {
      // Removed, or of another user: then it stays as it is.
      if (!(error instanceof IpcError)) throw error;
    }
  }
}

function queueKeyOf({ key, id }: MessageQueue): Key {
  if (key !== undefined && key !== 0) return key;
  throw new BridgeError(
    'WRONG_SETTING',
    `queue ${id} has no key, by which its slots could be found again; use a queue that has one`,
  );
}

/** By its messages, a user who made the segment first would send to the queue and the stream, and read them. */
function refuseStranger(segment: SharedMemory | undefined, queue: MessageQueue | undefined): void {
  if (segment === undefined) return;
  const { id, key } = segment;
  const stranger = strangerOf(segment.stat(), queue?.stat());
  if (stranger === undefined) return;
  throw new BridgeError(
    'NOT_PERMITTED',
    `segment ${id} (key ${formatKey(key ?? 0)}) is at the key of the slots and belongs to user ${stranger}, who could read ` +
      `and change the messages in it; remove it with \`ipcrm -m ${id}\``,
  );
}

function claim(key: Key, queueKey: Key): Liveness {
  try {
    return Liveness.claim(key, { mode: MODE });
  } catch (error) {
    if (error instanceof HeldError) {
      const who = error.pid > 0 ? `process ${error.pid}` : 'a process of another pid namespace';
      throw new BridgeError(
        'HELD',
        `${who} is the bridge of key ${formatKey(queueKey)} already; stop it first`,
      );
    }
    throw explainSlots(error, queueKey);
  }
}

/** A message is at most as long as both limits allow. */
function roomFor(queue: MessageQueue): number {
  const largest = Math.min(MessageQueue.limits().maxMessageBytes, queue.stat().maxBytes ?? Infinity);
  return Math.ceil(Math.max(largest, 8) / 8) * 8;
}
