/**
 * The words that the time server and its clients exchange over a System V message queue: pure, without input or output.
 * docs/protocol.md describes them for programs in other languages.
 * @packageDocumentation
 */
export { ASCTIME_BYTES, asctime } from './asctime.js';
export { SHORTEST_PERIOD } from './codec/alarm-plan.js';
export type { AlarmPlan } from './codec/alarm-plan.js';
export type { AlarmReply, AlarmsReply, CancelReply, PendingAlarm, Ring } from './codec/alarm-reply.js';
export { failure } from './codec/failure.js';
export type { Failure, FailureCode } from './codec/failure.js';
export {
  CLASSIC_REPLY,
  DEFAULT_KEY,
  FIRST_ADDRESSED_TYPE,
  isAddressedType,
  LAST_ADDRESSED_TYPE,
  normalizeType,
  drawReplyType,
  REQUEST,
  STOP,
} from './message-type.js';
export type { MessageType } from './message-type.js';
export { NANOSECONDS_PER_SECOND, parseNanoseconds, toMilliseconds, toSeconds } from './nanoseconds.js';
export { buildReply } from './codec/reply.js';
export type { AnswerReply, ErrorReply, Reply, StatusReply, TimeReply } from './codec/reply.js';
export type { ReplyClock } from './codec/reply-clock.js';
export { buildRequest, isRequestId, PROTOCOL_VERSION, requestText } from './codec/request.js';
export type {
  AddressedRequest,
  AlarmAsk,
  Ask,
  ClassicRequest,
  OutgoingRequest,
  RefusedRequest,
  Request,
  RequestId,
} from './codec/request.js';
export type { QueueStatus, ReportedStatus, ServerStatus } from './codec/status.js';
export type { ClockSync } from './codec/sync.js';
export { parseReply, parseRequest } from './parse.js';
export { TimeReplyWriter } from './fast-path/time-reply.js';
export { TimeRequestWriter } from './fast-path/time-request.js';
