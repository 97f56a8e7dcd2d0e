import { parseNanoseconds } from '../nanoseconds.js';
import type { ReplyClock } from './reply-clock.js';
import type { ClockSync } from './sync.js';
import type { RequestId } from './request.js';

/** The parts of every answer. */
interface AnswerHead {
  readonly id: RequestId;
  /** When the server took the request out of the queue. */
  readonly received: bigint;
  /** When the server put the reply into the queue. */
  readonly sent: bigint;
  readonly clock?: ReplyClock;
  /** How right the machine's clock is; undefined from a server that does not say. */
  readonly sync?: ClockSync;
}

/** The server has an alarm of this client. */
export interface AlarmReply extends AnswerHead {
  readonly kind: 'alarm';
  /** Its number, from 1 up. */
  readonly alarm: number;
  /** When it rings next, in nanoseconds since the epoch by the server's clock. */
  readonly next: bigint;
  /** Over NATS: the id of the server that has it. */
  readonly server?: string | undefined;
}

/** Alarms of this client were cancelled. */
export interface CancelReply extends AnswerHead {
  readonly kind: 'cancel';
  /** How many. */
  readonly cancelled: number;
}

/** Alarms of this client, in the order of their numbers. */
export interface AlarmsReply extends AnswerHead {
  readonly kind: 'alarms';
  readonly alarms: readonly PendingAlarm[];
  /** Whether there are further ones. */
  readonly more: boolean;
}

/** An alarm that the server has. */
export interface PendingAlarm {
  readonly alarm: number;
  /** When it rings next. */
  readonly next: bigint;
  /** The number of that turn, from 1 up. */
  readonly turn: number;
  /** Nanoseconds from one turn to the next; undefined for an alarm that rings once. */
  readonly every?: bigint | undefined;
  /** How many turns it has, if they are limited. */
  readonly count?: number | undefined;
}

/** An alarm rings: a message that no request asked for at this moment. */
export interface Ring {
  readonly kind: 'ring';
  /** That of the request for the alarm. */
  readonly id: RequestId;
  readonly alarm: number;
  /** From 1 up. */
  readonly turn: number;
  /** The moment that was asked for. */
  readonly at: bigint;
  /** The moment of the next turn; undefined if this was the last. */
  readonly next?: bigint | undefined;
  /** How many turns before this one were left out, because too many were due at once. */
  readonly skipped?: number | undefined;
  /** When the server put it into the queue. */
  readonly sent: bigint;
  readonly clock?: ReplyClock;
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of their own of an answer about alarms, after a comma. */
export function alarmFields(reply: AlarmReply | CancelReply | AlarmsReply): string {
  if (reply.kind === 'alarm') {
    const server = reply.server === undefined ? '' : `,"server":${JSON.stringify(reply.server)}`;
    return `,"alarm":${reply.alarm},"next":"${reply.next}"${server}`;
  }
  if (reply.kind === 'cancel') return `,"cancelled":${reply.cancelled}`;
  return `,"alarms":[${reply.alarms.map(pendingText).join(',')}],"more":${reply.more}`;
}

/** The fields of a ring up to `sent`, after a comma. */
export function ringFields({ alarm, turn, at, next, skipped }: Ring): string {
  const later = next === undefined ? '' : `,"next":"${next}"`;
  const without = skipped === undefined ? '' : `,"skipped":${skipped}`;
  return `,"alarm":${alarm},"turn":${turn},"at":"${at}"${later}${without}`;
}

/** Reads an answer about alarms; undefined if the fields are those of another one. */
export function readAlarmReply(
  fields: Fields,
  head: AnswerHead,
): AlarmReply | CancelReply | AlarmsReply | undefined {
  const { alarm, cancelled, alarms, server } = fields;
  const next = parseNanoseconds(fields['next']);
  if (isNumber(alarm) && next !== undefined) {
    return { kind: 'alarm', alarm, next, ...(isServer(server) && { server }), ...head };
  }
  if (isNumber(cancelled, 0)) return { kind: 'cancel', cancelled, ...head };
  if (!Array.isArray(alarms)) return undefined;
  const pending = alarms.map(readPending);
  if (!pending.every((each) => each !== undefined)) return undefined;
  return { kind: 'alarms', alarms: pending, more: fields['more'] === true, ...head };
}

/** Reads a ring; undefined if the fields are those of another message. */
export function readRing(fields: Fields, head: Pick<Ring, 'id' | 'sent' | 'clock'>): Ring | undefined {
  const { alarm, turn, skipped } = fields;
  const at = parseNanoseconds(fields['at']);
  const next = parseNanoseconds(fields['next']);
  if (!isNumber(alarm) || !isNumber(turn) || at === undefined) return undefined;
  return {
    kind: 'ring',
    alarm,
    turn,
    at,
    ...(next !== undefined && { next }),
    ...(isNumber(skipped) && { skipped }),
    ...head,
  };
}

function pendingText({ alarm, next, turn, every, count }: PendingAlarm): string {
  const period = every === undefined ? '' : `,"every":"${every}"`;
  const turns = count === undefined ? '' : `,"count":${count}`;
  return `{"alarm":${alarm},"next":"${next}","turn":${turn}${period}${turns}}`;
}

function readPending(value: unknown): PendingAlarm | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { alarm, turn, count, ...moments } = value as Fields;
  const next = parseNanoseconds(moments['next']);
  const every = parseNanoseconds(moments['every']);
  if (!isNumber(alarm) || !isNumber(turn) || next === undefined) return undefined;
  return {
    alarm,
    next,
    turn,
    ...(every !== undefined && { every }),
    ...(isNumber(count) && { count }),
  };
}

/** Whether it can be a part of a subject. */
function isServer(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}

function isNumber(value: unknown, lowest = 1): value is number {
  return Number.isSafeInteger(value) && (value as number) >= lowest;
}
