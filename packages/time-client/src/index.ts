/**
 * A client of the time server: asks a System V message queue what time it is.
 * @packageDocumentation
 */
export type { Alarm, AlarmTurn } from './client/alarm.js';
export type {
  AddressedStatus,
  AddressedTime,
  ClassicStatus,
  ClassicTime,
  Dialect,
  StatusAnswer,
  TimeAnswer,
} from './client/answers.js';
export type { AskStyle, ClassicStyle } from './client/ask-style.js';
export { keepAlarm } from './client/keep-alarm.js';
export type { AlarmEvent, AlarmingClient, KeepAlarmOptions } from './client/keep-alarm.js';
export { ClientError } from './client/client-error.js';
export type { ClientErrorCode } from './client/client-error.js';
export { DEFAULT_TIMEOUT } from './client/connect-options.js';
export type { ConnectOptions } from './client/connect-options.js';
export type { RequestOptions } from './client/pending-request.js';
export { TimeClient } from './client/time-client.js';
export { waitForServer } from './client/wait-for-server.js';
export type { WaitOptions } from './client/wait-for-server.js';
export { compareServers } from './nats/compare.js';
export type { CompareOptions } from './nats/compare.js';
export { NatsTimeClient } from './nats/nats-time-client.js';
export type { NatsClientOptions } from './nats/nats-time-client.js';
export { waitOverNats } from './nats/wait-over-nats.js';
export type { NatsWaitOptions } from './nats/wait-over-nats.js';
export { watchTime } from './client/watch-time.js';
export type { WatchedClient, WatchEvent, WatchOptions } from './client/watch-time.js';
export type { Format } from './format/names.js';
export { parseAsctime } from './format/parse-asctime.js';
export { momentWriter } from './format/writer.js';
export type { MomentWriter } from './format/writer.js';
export { localZone, namedZone } from './format/zone.js';
export type { Zone } from './format/zone.js';
export type { ClockOffset } from './measure/clock-offset.js';
export { compareQueues } from './measure/compare-queues.js';
export type { CompareQueuesOptions } from './measure/compare-queues.js';
export type { ServerClock } from './measure/server-clock.js';
export { measure } from './measure/measure.js';
export type { Measurement, MeasureOptions } from './measure/measure.js';
