import { LITTLE_ENDIAN, readNumber, SLOT_HEADER, writeNumber } from '@timeq/mq-native/message-slots';
import { readText, writeText } from './text-fields.js';

const AT = {
  instance: SLOT_HEADER.free,
  generation: SLOT_HEADER.free + 8,
  acked: SLOT_HEADER.free + 16,
  position: SLOT_HEADER.free + 24,
  lastSender: SLOT_HEADER.free + 32,
  counts: SLOT_HEADER.free + 64,
  stream: 512,
  subject: 1024,
  created: 2048,
} as const;
const TEXT_ROOM = { stream: 512, subject: 1024, created: 64 } as const;

/** The 64-bit counters of the segment. */
export const COUNTS = [
  /** Messages that arrived: acknowledged by the stream, or sent to the queue. */
  'moved',
  /** Messages that a look-up found in the stream. */
  'found',
  /** Messages that were published again. */
  'again',
  /** Messages of which it was in doubt whether they were sent, and those that the policy decided. */
  'doubted',
  'doubtedAgain',
  'doubtedSkipped',
  /** Messages that went to the dead subject, and those that were passed over. */
  'dead',
  'poison',
] as const;
export type Count = (typeof COUNTS)[number];

/** The fields of the header that belong to a bridge. */
export class Header {
  readonly #view: DataView;

  constructor(view: DataView) {
    this.#view = view;
  }

  /** A random number of this segment, in hexadecimal: two segments never have the same. */
  get instance(): string {
    return this.#view.getBigUint64(AT.instance, LITTLE_ENDIAN).toString(16).padStart(16, '0');
  }

  set instance(text: string) {
    this.#view.setBigUint64(AT.instance, BigInt(`0x${text}`), LITTLE_ENDIAN);
  }

  /** The highest number of a message so far. */
  get generation(): number {
    return readNumber(this.#view, AT.generation);
  }

  set generation(value: number) {
    writeNumber(this.#view, AT.generation, value);
  }

  /** The highest sequence that the stream has acknowledged. */
  get acked(): number {
    return readNumber(this.#view, AT.acked);
  }

  set acked(value: number) {
    writeNumber(this.#view, AT.acked, value);
  }

  /** The highest sequence of the stream that was handled, sent or not. */
  get position(): number {
    return readNumber(this.#view, AT.position);
  }

  set position(value: number) {
    writeNumber(this.#view, AT.position, value);
  }

  /** The pid of the process that sent last: the bridge, or a child of it. */
  get lastSender(): number {
    return this.#view.getInt32(AT.lastSender, LITTLE_ENDIAN);
  }

  set lastSender(pid: number) {
    this.#view.setInt32(AT.lastSender, pid, LITTLE_ENDIAN);
  }

  /** The stream's name. */
  get stream(): string {
    return readText(this.#view, AT.stream, TEXT_ROOM.stream);
  }

  set stream(name: string) {
    writeText(this.#view, AT.stream, TEXT_ROOM.stream, name);
  }

  /** The subjects that are published to, or read. */
  get subject(): string {
    return readText(this.#view, AT.subject, TEXT_ROOM.subject);
  }

  set subject(text: string) {
    writeText(this.#view, AT.subject, TEXT_ROOM.subject, text);
  }

  /** When the stream was created, as the server writes it: a stream of the same name can be another one. */
  get created(): string {
    return readText(this.#view, AT.created, TEXT_ROOM.created);
  }

  set created(text: string) {
    writeText(this.#view, AT.created, TEXT_ROOM.created, text);
  }

  count(name: Count): number {
    return readNumber(this.#view, AT.counts + 8 * COUNTS.indexOf(name));
  }

  add(name: Count, more = 1): void {
    writeNumber(this.#view, AT.counts + 8 * COUNTS.indexOf(name), this.count(name) + more);
  }
}
