/**
 * Connects to NATS as the `nats` command does: by the same options, environment variables and context files.
 * @packageDocumentation
 */
export { connect } from './connection/connect.js';
export type { ConnectOptions } from './connection/connect.js';
export { ConnectionState } from './connection/connection-state.js';
export type { ConnectionListener } from './connection/connection-state.js';
export { explainForbidden, whereText } from './connection/explain.js';
export type { Identity } from './connection/identity.js';
export type {
  NatsConnection,
  NatsHeaders,
  NatsMessage,
  NatsStatus,
  NatsSubscription,
} from './connection/nats-connection.js';
export { connectionSettings } from './connection/settings.js';
export type { ConnectionOptions, ConnectionSettings, TlsSettings } from './connection/settings.js';
export { NatsError } from './nats-error.js';
export type { NatsErrorCode } from './nats-error.js';
export {
  CONNECTION_OPTIONS,
  EXIT_OF_NATS_ERROR,
  exitCodeOfNatsError,
  givenConnectionOption,
} from './options.js';
export type { ConnectionOptionRow } from './options.js';
export { NatsService } from './services/service.js';
export type { ServiceAnswer, ServiceEndpoint, ServiceFailure, ServiceOptions } from './services/service.js';
