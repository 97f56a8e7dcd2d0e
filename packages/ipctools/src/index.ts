/**
 * Lists, judges, cleans, copies and watches the System V objects of a machine.
 * @packageDocumentation
 */
export { listBackups, type BackupFile } from './backup/folder.js';
export {
  planRestore,
  type Circumstances,
  type Destination,
  type RestorePlan,
} from './backup/plan-restore.js';
export { copyQueue, type CopiedEntry, type QueueCopy } from './backup/queue-copy.js';
export { readCopies, type CopiedQueues } from './backup/read-copies.js';
export { restoreQueues } from './backup/restore.js';
export { saveQueues, type Saved } from './backup/save.js';
export { cleanObjects, cleanStale } from './cleaning/clean.js';
export type { Backup, Cleaning, Failed, Kept, StayReason } from './cleaning/clean.js';
export { planRemoval, type RemovalPlan, type RemovalRequest } from './cleaning/removal.js';
export { untilSettled } from './cleaning/settled.js';
export type { Evidence, NamedProcess, SemaphoreEvidence } from './evidence/evidence.js';
export { EvidenceGatherer } from './evidence/gather.js';
export { judge, type Judgement } from './evidence/judgement.js';
export { RULES, type Criteria, type Rule, type Verdict } from './evidence/rules.js';
export { survey } from './evidence/survey.js';
export { Failure, type FailureCode } from './failure.js';
export { Facts } from './model/facts.js';
export { findNamespaces, type FoundNamespace } from './model/find-namespaces.js';
export { listObjects, type IpcObject } from './model/ipc-object.js';
export type { KindName } from './model/kind-names.js';
export { readLimits, type Limit } from './model/limits.js';
export { readOverview, type Overview, type Warning } from './model/overview.js';
export type { QueueContent, TypeCount } from './model/queue-content.js';
export { reportQueue, type QueueReport } from './model/queue-report.js';
export type { Waiting } from './model/queue-state.js';
export type { BlockedThread, BlockedThreads, UnseenProcess } from './processes/blocked.js';
export type { Flow, Flows } from './watch/rates.js';
export { Sampler, type Sample } from './watch/sampler.js';
export type { WatchedQueue } from './watch/watched-queue.js';
