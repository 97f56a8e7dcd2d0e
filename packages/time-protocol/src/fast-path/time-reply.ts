import { ascii, CanonicalReader } from './canonical.js';
import { NANOSECONDS_PER_SECOND } from '../nanoseconds.js';
import { NumberedBytes } from './numbered-bytes.js';
import type { TimeReply } from '../codec/reply.js';
import { ADDRESSED_HEAD } from '../codec/request.js';

/**
 * The reply that nearly all replies are, read and written byte by byte in the one form that the server writes:
 *
 *     {"timeq":1,"id":7,"time":"…","received":"…","sent":"…","asctime":"Fri Nov 20 09:09:00 2026"}
 *
 * with `time` equal to `sent`, an id that is a number, and moments of 19 digits (2001 to 2286). Of one second all but
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
  #reply = new NumberedBytes(HEAD, END);
  #timeAt = 0;
  #receivedAt = 0;
  #sentAt = 0;

  /**
   * The body of a reply; undefined if it has not this form and `buildReply` has to write it.
   * @param received, sent in nanoseconds since the epoch
   * @returns bytes that are valid until the next call
   */
  write(id: unknown, received: bigint, sent: bigint, asctime: string): Uint8Array | undefined {
    let fraction = Number(sent - this.#base);
    let receivedFraction = Number(received - this.#base);
    if (asctime !== this.#asctime || !(fraction >= 0 && fraction < SECOND)) {
      if (!this.#turnTo(sent / NANOSECONDS_PER_SECOND, asctime)) return undefined;
      fraction = Number(sent - this.#base);
      receivedFraction = Number(received - this.#base);
    }
    // Received in the second before.
    if (!(receivedFraction >= 0 && receivedFraction < SECOND)) return undefined;
    this.#writeFraction(fraction, this.#timeAt, this.#sentAt);
    this.#writeFraction(receivedFraction, this.#receivedAt, this.#receivedAt);
    return this.#reply.write(id);
  }

  #turnTo(second: bigint, asctime: string): boolean {
    if (second < FIRST_SECOND || second > LAST_SECOND || !isPlain(asctime)) return false;
    this.#base = second * NANOSECONDS_PER_SECOND;
    this.#asctime = asctime;
    const moment = this.#base.toString();
    const tail = `,"time":"${moment}","received":"${moment}","sent":"${moment}","asctime":"${asctime}"}`;
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
let knownAsctime = '';
let knownAsctimeBytes = new Uint8Array();

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
  if (!reader.pass(knownAsctimeBytes) || !reader.pass(END) || !reader.atEnd) {
    if (!learnAsctime(body, textAt)) return undefined;
  }
  return { kind: 'time', id, time, received, sent, asctime: knownAsctime };
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

/** The text of another second, which begins at a place and ends with the body. */
function learnAsctime(body: Uint8Array, start: number): boolean {
  const end = body.length - END.length;
  if (end < start || body[end] !== END[0] || body[end + 1] !== END[1]) return false;
  const bytes = body.slice(start, end);
  const text = Buffer.from(bytes).toString('latin1');
  if (!isPlain(text)) return false;
  knownAsctime = text;
  knownAsctimeBytes = bytes;
  return true;
}
