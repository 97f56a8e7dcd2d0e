import { planText, readPlan, type AlarmPlan } from './alarm-plan.js';
import { parseJsonObject } from './json-object.js';
import { isAddressedType, normalizeType, type MessageType } from '../message-type.js';
import { failure, type Failure } from './failure.js';

/** The version of the addressed form: the value of `timeq` in every request and reply. */
export const PROTOCOL_VERSION = 1;

/** The start of every request and reply of this project's own programs, up to the id. */
export const ADDRESSED_HEAD = `{"timeq":${PROTOCOL_VERSION},"id":`;

/** The client's own id of a request, by which it recognises the reply: a string, or a safe integer. */
export type RequestId = string | number;

/** The subject of an addressed request: the time, or the server's status. */
export type Ask = 'time' | 'status';

/** A request about alarms of this client. */
export type AlarmAsk =
  | { readonly ask: 'alarm'; readonly plan: AlarmPlan }
  /** Without a number: all of them. */
  | { readonly ask: 'cancel'; readonly alarm?: number | undefined }
  /** Those with numbers above `after`. */
  | { readonly ask: 'alarms'; readonly after?: number | undefined };

/** A request that names the type of its reply. */
export type AddressedRequest = AddressedHead & AddressedAsk;

interface AddressedHead {
  readonly kind: 'addressed';
  readonly id: RequestId;
  readonly replyTo: MessageType;
}

type AddressedAsk =
  | { readonly ask: Ask }
  /** `clock` is what to set the clock to. */
  | { readonly ask: 'set-clock'; readonly clock: string }
  | AlarmAsk;

/** A request as in the exercise, whatever its body: answered with type 3. */
export interface ClassicRequest {
  readonly kind: 'classic';
}

/** A request that names the type of its reply, but is invalid: it gets an addressed error. */
export interface RefusedRequest {
  readonly kind: 'refused';
  /** The id for the error, null if the request had no usable one. */
  readonly id: RequestId | null;
  readonly replyTo: MessageType;
  readonly error: Failure;
}

/** A message of type 1, as it was parsed. */
export type Request = AddressedRequest | ClassicRequest | RefusedRequest;

const CLASSIC: ClassicRequest = Object.freeze({ kind: 'classic' });

/** Reads the body of a type 1 message by its JSON; a body that is not an addressed request is a classic one. */
export function readRequest(body: Uint8Array, way?: MessageType): Request {
  if (body.length === 0) return CLASSIC;
  const fields = parseJsonObject(body);
  if (fields?.['timeq'] !== PROTOCOL_VERSION) return CLASSIC;
  // A transport with a way back of its own needs no type to answer at.
  const replyTo = way ?? parseReplyTo(fields['replyTo']);
  if (replyTo === undefined) return CLASSIC;
  const id = fields['id'];
  if (!isRequestId(id)) {
    const error = failure('BAD_ID', '"id" must be a string, or a whole number up to 2^53 - 1');
    return { kind: 'refused', id: null, replyTo, error };
  }
  const asked = readAsk(fields);
  return 'code' in asked
    ? { kind: 'refused', id, replyTo, error: asked }
    : { kind: 'addressed', id, replyTo, ...asked };
}

function readAsk(fields: Readonly<Record<string, unknown>>): AddressedAsk | Failure {
  const { ask = 'time', clock, alarm, after } = fields;
  switch (ask) {
    case 'time':
    case 'status':
      return { ask };
    case 'set-clock':
      return { ask, clock: typeof clock === 'string' ? clock : '' };
    case 'alarm': {
      const plan = readPlan(fields);
      return 'code' in plan ? plan : { ask, plan };
    }
    case 'cancel':
      return alarm === undefined || isNumber(alarm)
        ? { ask, alarm }
        : failure('NO_ALARM', '"alarm" must be the number of an alarm of this client');
    case 'alarms':
      return { ask, after: isNumber(after) ? after : undefined };
    default:
      return failure(
        'UNKNOWN_ASK',
        '"ask" must be "time", "status", "alarm", "cancel", "alarms" or "set-clock"',
      );
  }
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** What a client sends. */
export type OutgoingRequest = { readonly id: RequestId; readonly replyTo: MessageType } & (
  { readonly ask?: Ask | undefined } | AlarmAsk
);

/**
 * The body of an addressed request, as text.
 * @throws {RangeError} if no client can be answered at `replyTo`, or the id is a number that JSON would change
 */
export function requestText(request: OutgoingRequest): string {
  const { id, replyTo } = request;
  if (!isAddressedType(replyTo)) {
    throw new RangeError(`replyTo must be a message type from 2^32 to 2^63 - 1, not ${replyTo}`);
  }
  if (!isRequestId(id)) throw new RangeError(`id must be a string or a safe integer, not ${String(id)}`);
  const type = normalizeType(replyTo);
  const idText = typeof id === 'number' ? String(id) : JSON.stringify(id);
  const typeText = typeof type === 'number' ? String(type) : `"${type}"`;
  return `{"timeq":${PROTOCOL_VERSION},"id":${idText},"replyTo":${typeText}${askText(request)}}`;
}

/** The fields of what is asked, after a comma. */
function askText(request: OutgoingRequest): string {
  const { ask = 'time' } = request;
  return ask === 'time' ? '' : `,"ask":"${ask}"${detailsText(request)}`;
}

function detailsText(request: OutgoingRequest): string {
  if (request.ask === 'alarm') return planText(request.plan);
  if (request.ask === 'cancel' && request.alarm !== undefined) return `,"alarm":${request.alarm}`;
  return request.ask === 'alarms' && request.after !== undefined ? `,"after":${request.after}` : '';
}

/**
 * The body of an addressed request.
 * @throws {RangeError} as `requestText`
 */
export function buildRequest(request: OutgoingRequest): Uint8Array {
  return Buffer.from(requestText(request));
}

/** Whether a value can be the id of a request. A number beyond 2^53 - 1 may have lost digits already. */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

const DECIMAL_TYPE = /^[1-9][0-9]{9,18}$/;

function parseReplyTo(value: unknown): MessageType | undefined {
  if (typeof value === 'number') return isAddressedType(value) ? value : undefined;
  if (typeof value !== 'string' || !DECIMAL_TYPE.test(value)) return undefined;
  const type = BigInt(value);
  return isAddressedType(type) ? normalizeType(type) : undefined;
}
