/**
 * Answers what time it is over a System V message queue, for many clients at once.
 * @packageDocumentation
 */
export type { Alarm } from './alarms/alarm.js';
export type { Alarms } from './alarms/alarms.js';
export { Answerer } from './answer/answerer.js';
export type { Answer, Served, Transport, TransportStatus } from './answer/answerer.js';
export type { Clocks, MachineMoment, OtherClock } from './clock/clocks.js';
export { TestClock } from './clock/test-clock.js';
export type { LogEvent, LogLevel } from './log.js';
export type { ReplyStyle } from './queue/reply-style.js';
export { NatsTimeServer } from './nats/nats-time-server.js';
export type { NatsTimeServerOptions } from './nats/nats-time-server.js';
export { ServerError } from './server-error.js';
export type { ServerErrorCode } from './server-error.js';
export type { TakenRequest } from './taken-request.js';
export { TimeServer } from './time-server.js';
export type { TimeServerOptions } from './time-server.js';
