export { wallClock } from './clock.js';
export { AbortError } from './errors/abort-error.js';
export { GoneError, IpcError } from './errors/ipc-error.js';
export { ftok } from './ftok.js';
export { formatKey, IPC_PRIVATE, type Key } from './key.js';
export { localTime, type LocalTime } from './libc.js';
export { HeldError } from './liveness/held-error.js';
export { judgeLiveness, type LivenessReading, type LivenessState } from './liveness/judgement.js';
export { Liveness } from './liveness/liveness.js';
export type { Body } from './message-queue/body.js';
export type { HandleOptions } from './message-queue/handle-options.js';
export type { Message } from './message-queue/kernel-queue.js';
export type { BatchesOptions } from './message-queue/message-iterator.js';
export { MessageQueue, type CreateOptions, type QueueChanges } from './message-queue/message-queue.js';
export type { MessageType } from './message-queue/message-type.js';
export type { OutgoingMessage } from './message-queue/outgoing-message.js';
export type { QueueEntry, QueueStat } from './message-queue/queue-fields.js';
export type { QueueLimits } from './message-queue/queue-limits.js';
export type { ReceiveOptions, Selection } from './message-queue/selection.js';
export { formatMode } from './mode.js';
export { IpcNamespace } from './namespace/ipc-namespace.js';
export type { OwnershipOptions } from './ownership.js';
export { PROC, type ProcessSource } from './processes/process-source.js';
export { hasEnded, isStopped, Processes, statFields } from './processes/processes.js';
export type { KnownProcess, LiveProcess, ProcessState } from './processes/processes.js';
export { hasOwnNumbers, isWholeMachine, showsEveryProcess } from './processes/visibility.js';
export type { SemaphoreEntry } from './semaphore/semaphore-fields.js';
export type { SemaphoreLimits } from './semaphore/semaphore-limits.js';
export type { SemaphoreOperation } from './semaphore/semaphore-operation.js';
export {
  SemaphoreSet,
  type CreateSemaphoreSetOptions,
  type OpenSemaphoreSetOptions,
} from './semaphore/semaphore-set.js';
export type { Attachment, AttachOptions } from './shared-memory/attachment.js';
export type { ReadOnlyAttachment } from './shared-memory/read-only-attachment.js';
export type { ReadOnlyView, ElementArray } from './shared-memory/read-only-view.js';
export type { SegmentEntry } from './shared-memory/segment-fields.js';
export type { SegmentLimits } from './shared-memory/segment-limits.js';
export type { SegmentResidency } from './shared-memory/segment-residency.js';
export { SharedMemory, type CreateSegmentOptions } from './shared-memory/shared-memory.js';
export type { ViewOptions, ViewType } from './shared-memory/view-type.js';
export { Condition } from './synchronization/condition.js';
export {
  CountingSemaphore,
  type AcquireOptions,
  type CreateCountingSemaphoreOptions,
} from './synchronization/counting-semaphore.js';
export { EventFlag } from './synchronization/event-flag.js';
export type { HeldLock } from './synchronization/held-lock.js';
export type { HeldPermits } from './synchronization/held-permits.js';
export { Lock } from './synchronization/lock.js';
export type { CreatePrimitiveOptions } from './synchronization/primitive.js';
export { ClockTimer, type TimerClock } from './waiting/clock-timer.js';
export type { WaitOptions } from './waiting/wait-options.js';
