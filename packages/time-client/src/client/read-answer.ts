import type { AddressedStatus, AddressedTime } from './answers.js';
import { ClientError } from './client-error.js';
import type { RawAnswer } from './pending-request.js';

/** The time, from an answer at the client's own type. @throws {ClientError} REFUSED */
export function readTime(answer: RawAnswer): AddressedTime {
  const { dialect, roundTripNs } = answer;
  if (dialect === 'classic' || answer.reply.kind !== 'time') throw somethingElse();
  const { time, received, sent, asctime, clock, sync } = answer.reply;
  return {
    dialect,
    time,
    received,
    sent,
    asctime,
    ...(clock && { clock }),
    ...(sync && { sync }),
    roundTripNs,
  };
}

/** The status, likewise. @throws {ClientError} REFUSED */
export function readStatus(answer: RawAnswer): AddressedStatus {
  const { dialect, roundTripNs } = answer;
  if (dialect === 'classic' || answer.reply.kind !== 'status') throw somethingElse();
  const { sent, status, clock, sync } = answer.reply;
  return { dialect, sent, status, ...(clock && { clock }), ...(sync && { sync }), roundTripNs };
}

/** A server sent another answer than the one to the request. */
export function somethingElse(): ClientError {
  return new ClientError('REFUSED', 'the server answered with something else');
}
