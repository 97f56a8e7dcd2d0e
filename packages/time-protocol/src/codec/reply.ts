import {
  alarmFields,
  readAlarmReply,
  readRing,
  ringFields,
  type AlarmReply,
  type AlarmsReply,
  type CancelReply,
  type Ring,
} from './alarm-reply.js';
import type { Failure } from './failure.js';
import { parseJsonObject } from './json-object.js';
import { parseNanoseconds } from '../nanoseconds.js';
import { parseClock, type ReplyClock } from './reply-clock.js';
import { isRequestId, PROTOCOL_VERSION, type RequestId } from './request.js';
import { parseStatus, type ReportedStatus } from './status.js';
import { parseSync, type ClockSync } from './sync.js';

/** The time, for one client. Moments are nanoseconds since the epoch by the server's clock. */
export interface TimeReply {
  readonly kind: 'time';
  readonly id: RequestId;
  /** The time that was asked for. */
  readonly time: bigint;
  /** When the server took the request out of the queue. */
  readonly received: bigint;
  /** When the server put the reply into the queue. */
  readonly sent: bigint;
  /** The same time as a classic client is told it, in the server's zone. */
  readonly asctime: string;
  /** Of a server that tells the time by another clock than its machine's. */
  readonly clock?: ReplyClock;
  /** How right the machine's clock is; undefined from a server that does not say. */
  readonly sync?: ClockSync;
}

/** The status of the server. */
export interface StatusReply {
  readonly kind: 'status';
  readonly id: RequestId;
  /** Only the fields that are valid. */
  readonly status: ReportedStatus;
  readonly received: bigint;
  readonly sent: bigint;
  readonly clock?: ReplyClock;
  /** How right the machine's clock is; undefined from a server that does not say. */
  readonly sync?: ClockSync;
}

/** Why a request was refused. */
export interface ErrorReply {
  readonly kind: 'error';
  /** Null if the request had no usable id. */
  readonly id: RequestId | null;
  readonly error: Failure;
  /** When the server put the reply into the queue; undefined if it does not say. */
  readonly sent?: bigint;
  readonly clock?: undefined;
}

/** What was asked for. */
export type AnswerReply = TimeReply | StatusReply | AlarmReply | CancelReply | AlarmsReply;

/** A message at a client's own type. */
export type Reply = AnswerReply | ErrorReply | Ring;

/** The body of an addressed reply, in UTF-8. */
export function buildReply(reply: Reply): Uint8Array {
  return Buffer.from(toJson(reply));
}

function toJson(reply: Reply): string {
  const head = `{"timeq":${PROTOCOL_VERSION},"id":${JSON.stringify(reply.id)}`;
  if (reply.kind === 'error') {
    const { code, message } = reply.error;
    const sent = reply.sent === undefined ? '' : `,"sent":"${reply.sent}"`;
    return `${head},"error":${JSON.stringify({ code, message })}${sent}}`;
  }
  if (reply.kind === 'ring') {
    return `${head}${ringFields(reply)},"sent":"${reply.sent}"${clockText(reply.clock)}}`;
  }
  const moments = `"received":"${reply.received}","sent":"${reply.sent}"${clockText(reply.clock)}`;
  const tail = `${moments}${syncText(reply.sync)}}`;
  if (reply.kind === 'status') return `${head},"status":${JSON.stringify(reply.status)},${tail}`;
  if (reply.kind !== 'time') return `${head}${alarmFields(reply)},${tail}`;
  return `${head},"time":"${reply.time}",${moments},"asctime":${JSON.stringify(reply.asctime)}${syncText(reply.sync)}}`;
}

/** The last field of a reply, behind a comma. */
export function syncText(sync: ClockSync | undefined): string {
  return sync === undefined ? '' : `,"sync":${JSON.stringify(sync)}`;
}

function clockText(clock: ReplyClock | undefined): string {
  if (clock === undefined) return '';
  return `,"clock":${JSON.stringify({ name: clock.name, machine: clock.machine.toString() })}`;
}

/** Reads an addressed reply by its JSON; undefined for any other body. */
export function readReply(body: Uint8Array): Reply | undefined {
  const fields = parseJsonObject(body);
  if (fields?.['timeq'] !== PROTOCOL_VERSION) return undefined;
  const id = fields['id'];
  const error = parseFailure(fields['error']);
  const sent = parseNanoseconds(fields['sent']);
  if (error !== undefined) {
    if (id !== null && !isRequestId(id)) return undefined;
    return { kind: 'error', id, error, ...(sent !== undefined && { sent }) };
  }
  if (!isRequestId(id) || sent === undefined) return undefined;
  const clock = parseClock(fields['clock']);
  const ring = readRing(fields, { id, sent, ...clock });
  if (ring !== undefined) return ring;
  const received = parseNanoseconds(fields['received']);
  if (received === undefined) return undefined;
  const sync = parseSync(fields['sync']);
  const head = { id, received, sent, ...clock, ...(sync && { sync }) };
  const status = parseStatus(fields['status']);
  if (status !== undefined) return { kind: 'status', status, ...head };
  const alarms = readAlarmReply(fields, head);
  if (alarms !== undefined) return alarms;
  const time = parseNanoseconds(fields['time']);
  const asctime = fields['asctime'];
  if (time === undefined || typeof asctime !== 'string') return undefined;
  return { kind: 'time', time, asctime, ...head };
}

function parseFailure(value: unknown): Failure | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { code, message } = value as Record<string, unknown>;
  return typeof code === 'string' && typeof message === 'string' ? { code, message } : undefined;
}
