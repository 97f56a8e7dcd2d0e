/**
 * Bridges between System V message queues and NATS JetStream.
 * @packageDocumentation
 */
export { BridgeError, type BridgeErrorCode } from './bridge-error.js';
export type { Log, LogEvent } from './log.js';
export { DEFAULT_TEMPLATE, SubjectTemplate } from './mapping/subject.js';
export { InwardBridge, type InwardOptions } from './inward/inward-bridge.js';
export type { InDoubt } from './inward/sender.js';
export { OutwardBridge, type OutwardOptions } from './outward/outward-bridge.js';
export { SlotStore, type StoreOptions } from './slots/slot-store.js';
export type { JetStreamPlace } from './stream/stream-api.js';
export { version } from './version.js';
