import {
  formatKey,
  HeldError,
  IpcError,
  Liveness,
  SharedMemory,
  type Attachment,
  type Key,
  type MessageQueue,
} from '@timeq/mq-native';
import {
  beginSlotSegment,
  isUnwritten,
  LITTLE_ENDIAN,
  readSlotSegment,
  Slot,
  SLOT_HEADER,
  slotAt,
  slotKey,
  slotSegmentBytes,
  strangerOf,
  writeSlotHeader,
  type SlotShape,
} from '@timeq/mq-native/message-slots';
import { codeOf, Failure, isDenied } from '../failure.js';
import { nameQueue } from '../model/find-queue.js';

const MODE = 0o600;
const PAGE_BYTES = 4096;
/** Fields of the header: the child that sent last, and the queue into which the messages go. */
const AT = { lastSender: SLOT_HEADER.free, destination: SLOT_HEADER.free + 4 } as const;

/**
 * The place of a message on its way from one queue into another: a segment that the kernel keeps if this program is killed, at a
 * key by which the next move out of the same queue finds it. Only one move out of a queue has it at a time.
 */
export class MoveSlot implements Disposable {
  readonly attachment: Attachment;
  readonly slot: Slot;
  /** Room for one message that stays in its queue. */
  readonly scratch: Slot;
  readonly #segment: SharedMemory;
  readonly #liveness: Liveness;
  readonly #view: DataView;

  private constructor(segment: SharedMemory, attachment: Attachment, shape: SlotShape, liveness: Liveness) {
    this.#segment = segment;
    this.attachment = attachment;
    this.#liveness = liveness;
    this.#view = attachment.view(DataView);
    this.slot = new Slot(this.#view, 0, slotAt(shape, 0), shape.room);
    this.scratch = new Slot(this.#view, -1, slotAt(shape, -1), shape.room);
  }

  /**
   * Claims the place for messages out of a queue, with what an earlier move has left in it.
   * @param largest the size of the largest body that is to be moved, in bytes
   * @throws Failure
   */
  static open(from: MessageQueue, largest: number): MoveSlot {
    const key = slotKey(keyOf(from), 'move');
    const liveness = claim(key, from);
    try {
      return MoveSlot.#findLeft(from, key, liveness) ?? MoveSlot.#make(from, key, liveness, largest);
    } catch (error) {
      liveness.release();
      throw error;
    }
  }

  /** What an earlier move has left. A segment without a message is removed. */
  static #findLeft(from: MessageQueue, key: Key, liveness: Liveness): MoveSlot | undefined {
    const segment = openSegment(key);
    if (segment === undefined) return undefined;
    const stranger = strangerOf(segment.stat(), from.stat());
    if (stranger !== undefined)
      throw new Failure(
        `segment ${segment.id} (key ${formatKey(key)}) is where a message in flight would be kept, and belongs to user ${stranger}, who could read and change it; remove it with \`ipctools remove -m ${segment.id}\`; nothing done`,
        'NOT_PERMITTED',
      );
    const attachment = segment.attach();
    const view = attachment.view(DataView);
    const found = readSlotSegment(view);
    if (found?.direction === 'move' && found.held > 0)
      return new MoveSlot(segment, attachment, found, liveness);
    const isOurs = found?.direction === 'move' || isUnwritten(view);
    attachment.detach();
    if (!isOurs || segment.stat().attachments > 0)
      throw new Failure(
        `segment ${segment.id} (key ${formatKey(key)}) is where a message in flight would be kept, and belongs to another program; remove it with \`ipctools remove -m ${segment.id}\` if no program needs it`,
      );
    segment.remove();
    return undefined;
  }

  static #make(from: MessageQueue, key: Key, liveness: Liveness, largest: number): MoveSlot {
    const shape = { slots: 1, room: Math.ceil(Math.max(largest, 8) / 8) * 8 };
    const segment = SharedMemory.create(key, { bytes: slotSegmentBytes(shape), mode: MODE });
    const attachment = segment.attach();
    try {
      beginSlotSegment(attachment.view(DataView));
      stay(segment, attachment);
      const header = { ...shape, direction: 'move', queueKey: keyOf(from), queueId: from.id } as const;
      writeSlotHeader(attachment.view(DataView), header);
      return new MoveSlot(segment, attachment, shape, liveness);
    } catch (error) {
      attachment.detach();
      segment.remove();
      throw error;
    }
  }

  /** The pid of the child that sent last. */
  get lastSender(): number {
    return this.#view.getInt32(AT.lastSender, LITTLE_ENDIAN);
  }

  set lastSender(pid: number) {
    this.#view.setInt32(AT.lastSender, pid, LITTLE_ENDIAN);
  }

  /** The id of the queue into which the messages go. */
  get destination(): number {
    return this.#view.getInt32(AT.destination, LITTLE_ENDIAN);
  }

  set destination(id: number) {
    this.#view.setInt32(AT.destination, id, LITTLE_ENDIAN);
  }

  /** Releases the place, and removes it unless a message is in it. */
  [Symbol.dispose](): void {
    const { isFree } = this.slot;
    this.attachment.detach();
    if (isFree) this.#segment.remove();
    this.#segment.close();
    this.#liveness.release();
  }
}

function keyOf({ key, id }: MessageQueue): Key {
  if (key !== undefined && key !== 0) return key;
  throw new Failure(
    `queue ${id} is private: after a kill, a message in flight could not be found again by a key. Use \`ipctools receive ${id} --all --format json | ipctools send QUEUE --json\`, which loses one message if it is killed`,
  );
}

function openSegment(key: Key): SharedMemory | undefined {
  try {
    return SharedMemory.open(key);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function claim(key: Key, from: MessageQueue): Liveness {
  try {
    return Liveness.claim(key, { mode: MODE });
  } catch (error) {
    if (!(error instanceof HeldError)) throw error;
    const who = error.pid > 0 ? `process ${error.pid}` : 'a process of another pid namespace';
    throw new Failure(`${who} moves messages out of ${nameQueue(from)} already; nothing done`);
  }
}

/** Locks the pages and touches each: then the kernel copies a message into them without a page fault (shmctl(2)). */
function stay(segment: SharedMemory, attachment: Attachment): void {
  const { byteLength } = attachment.buffer;
  try {
    segment.lock();
  } catch (error) {
    if (!(error instanceof IpcError) || (error.code !== 'ENOMEM' && !isDenied(error))) throw error;
    throw new Failure(
      `a message in flight can't be locked into memory (${error.code}): allow ${byteLength} bytes with \`ulimit -l\`; nothing done`,
      'NOT_PERMITTED',
    );
  }
  const words = attachment.view(Int32Array, { length: Math.floor(byteLength / 4) });
  for (let word = 0; word < words.length; word += PAGE_BYTES / 4) Atomics.add(words, word, 0);
}
