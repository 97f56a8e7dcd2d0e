import { ascii, CanonicalReader } from './canonical.js';
import { NANOSECONDS_PER_SECOND } from '../nanoseconds.js';
import { NumberedBytes } from './numbered-bytes.js';
import { syncText, type TimeReply } from '../codec/reply.js';
import { ADDRESSED_HEAD } from '../codec/request.js';
import { parseSync, type ClockSync } from '../codec/sync.js';

/**
 * The reply that nearly all replies are, read and written byte by byte in the one form that the server writes:
 *
 *     {"timeq":1,"id":7,"time":"…","received":"…","sent":"…","asctime":"Fri Nov 20 09:09:00 2026","sync":{…}}
 *
 * with or without `sync`, `time` equal to `sent`, an id that is a number, and moments of 19 digits (2001 to 2286). Of one second all but
 * the fractions stays the same, so a second's work is done once: the second that was read last is kept in this file.
 */

const HEAD = ascii(ADDRESSED_HEAD);
const TIME = ascii(',"time":"');
const RECEIVED = ascii('","received":"');
const SENT = ascii('","sent":"');
const ASCTIME = ascii('","asctime":"');
const END = ascii('"}');
const SECOND_DIGITS = 10;
const FRACTION_DIGITS = 9;
const MOMENT_DIGITS = SECOND_DIGITS + FRACTION_DIGITS;
const SECOND = Number(NANOSECONDS_PER_SECOND);
const FIRST_SECOND = 10n ** BigInt(SECOND_DIGITS - 1);
const LAST_SECOND = 10n ** BigInt(SECOND_DIGITS) - 1n;
const ZERO = 0x30;

/** Writes time replies into memory of its own, which the next one is written into again. */
export class TimeReplyWriter {
  #base = 0n;
  #asctime = '';
  #sync: ClockSync | undefined;
  #reply = new NumberedBytes(HEAD, END);
  #timeAt = 0;
  #receivedAt = 0;
  #sentAt = 0;

  /**
   * The body of a reply; undefined if it has not this form and `buildReply` has to write it.
   * @param received, sent in nanoseconds since the epoch
   * @param sync the same object as long as it says the same
   * @returns bytes that are valid until the next call
   */
  write(
    id: unknown,
    received: bigint,
    sent: bigint,
    asctime: string,
    sync?: ClockSync,
  ): Uint8Array | undefined {
    let fraction = Number(sent - this.#base);
    let receivedFraction = Number(received - this.#base);
    const same = asctime === this.#asctime && sync === this.#sync;
    if (!same || !(fraction >= 0 && fraction < SECOND)) {
      if (!this.#turnTo(sent / NANOSECONDS_PER_SECOND, asctime, sync)) return undefined;
      fraction = Number(sent - this.#base);
      receivedFraction = Number(received - this.#base);
    }
    // Received in the second before.
    if (!(receivedFraction >= 0 && receivedFraction < SECOND)) return undefined;
    this.#writeFraction(fraction, this.#timeAt, this.#sentAt);
    this.#writeFraction(receivedFraction, this.#receivedAt, this.#receivedAt);
    return this.#reply.write(id);
  }

  #turnTo(second: bigint, asctime: string, sync: ClockSync | undefined): boolean {
    if (second < FIRST_SECOND || second > LAST_SECOND || !isPlain(asctime)) return false;
    this.#base = second * NANOSECONDS_PER_SECOND;
    this.#asctime = asctime;
    this.#sync = sync;
    const moment = this.#base.toString();
    const tail = `,"time":"${moment}","received":"${moment}","sent":"${moment}","asctime":"${asctime}"${syncText(sync)}}`;
    this.#reply = new NumberedBytes(HEAD, ascii(tail));
    this.#timeAt = this.#reply.tailAt + TIME.length + SECOND_DIGITS;
    this.#receivedAt = this.#timeAt + FRACTION_DIGITS + RECEIVED.length + SECOND_DIGITS;
    this.#sentAt = this.#receivedAt + FRACTION_DIGITS + SENT.length + SECOND_DIGITS;
    return true;
  }

  /** At one place and at another. */
  #writeFraction(fraction: number, at: number, alsoAt: number): void {
    const { bytes } = this.#reply;
    // As an integer of 32 bits: a division of doubles takes several times as long.
    let rest = fraction | 0;
    for (let index = FRACTION_DIGITS - 1; index >= 0; index--) {
      const tenth = (rest / 10) | 0;
      const digit = ZERO + rest - tenth * 10;
      bytes[at + index] = digit;
      bytes[alsoAt + index] = digit;
      rest = tenth;
    }
  }
}

/** Whether JSON has it as it is: printable ASCII without quotes and backslashes. */
function isPlain(text: string): boolean {
  return /^[ !#-[\]-~]*$/.test(text);
}

let knownSecond = -1;
let knownBase = 0n;
let knownTail: Tail | undefined;

/** The end of a reply, from the text of its second on. */
interface Tail {
  readonly bytes: Uint8Array;
  readonly asctime: string;
  readonly sync: ClockSync | undefined;
}

/** Reads such a reply; undefined if the body is anything else. */
export function readTimeReply(body: Uint8Array): TimeReply | undefined {
  const reader = new CanonicalReader(body);
  if (!reader.pass(HEAD)) return undefined;
  const id = reader.integer();
  if (id < 0 || !reader.pass(TIME)) return undefined;
  const timeAt = reader.at;
  const time = readMoment(reader);
  if (time === undefined || !reader.pass(RECEIVED)) return undefined;
  const received = readMoment(reader);
  if (received === undefined || !reader.pass(SENT)) return undefined;
  // Nearly always the same: to compare it takes a fraction of what reading it does.
  const sent = reader.passAgain(timeAt, MOMENT_DIGITS) ? time : readMoment(reader);
  if (sent === undefined || !reader.pass(ASCTIME)) return undefined;
  const textAt = reader.at;
  const known = knownTail !== undefined && reader.pass(knownTail.bytes) && reader.atEnd;
  const tail = known ? knownTail : readTail(body, textAt);
  if (tail === undefined) return undefined;
  knownTail = tail;
  const { asctime, sync } = tail;
  if (sync === undefined) return { kind: 'time', id, time, received, sent, asctime };
  return { kind: 'time', id, time, received, sent, asctime, sync };
}

function readMoment(reader: CanonicalReader): bigint | undefined {
  const second = reader.fixed(SECOND_DIGITS);
  if (second < 1e9) return undefined;
  const fraction = reader.fixed(FRACTION_DIGITS);
  if (fraction < 0) return undefined;
  if (second !== knownSecond) {
    knownSecond = second;
    knownBase = BigInt(second) * NANOSECONDS_PER_SECOND;
  }
  return knownBase + BigInt(fraction);
}

/** The text of the second as it is, and an object without another in it. */
const TAIL = /^([ !#-[\]-~]*)"(?:,"sync":(\{[ -z|~]*\}))?\}$/;

/** The tail of another second, from a place to the end of the body; undefined for one that a JSON parser has to read. */
function readTail(body: Uint8Array, start: number): Tail | undefined {
  const bytes = body.slice(start);
  const [whole, asctime = '', sync] = TAIL.exec(Buffer.from(bytes).toString('latin1')) ?? [];
  if (whole === undefined) return undefined;
  try {
    return { bytes, asctime, sync: sync === undefined ? undefined : parseSync(JSON.parse(sync)) };
  } catch {
    return undefined;
  }
}
