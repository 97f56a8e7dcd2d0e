export { cleanObjects, cleanStale, movedSince } from './cleaning/clean.js';
export type { Backup, Cleaning, Failed, Kept, SecondLook, StayReason } from './cleaning/clean.js';
export { untilSettled } from './cleaning/settled.js';
export { listBackups, type BackupFile } from './backup/folder.js';
export {
  planRestore,
  presentCircumstances,
  type Circumstances,
  type Destination,
  type RestorePlan,
} from './backup/plan-restore.js';
export { copyQueue, type CopiedEntry, type QueueCopy } from './backup/queue-copy.js';
export { readCopies, type CopiedQueues } from './backup/read-copies.js';
export { restoreQueues } from './backup/restore.js';
export { saveQueues, type Saved } from './backup/save.js';
export type { Evidence, NamedProcess, SemaphoreEvidence } from './evidence/evidence.js';
export { EvidenceGatherer } from './evidence/gather.js';
export { judge, type Judgement } from './evidence/judgement.js';
export { RULES, type Criteria, type Rule, type Verdict } from './evidence/rules.js';
export { survey } from './evidence/survey.js';
export { Facts } from './model/facts.js';
export { Failure } from './failure.js';
export { findFtokFiles, type FtokSearch } from './model/ftok-search.js';
export { readLimits, type Limit } from './model/limits.js';
export { messageFromJson, messageToJson } from './messages/json-line.js';
export { type QueueContent, type TypeCount } from './model/queue-content.js';
export { receiveMessages, type ReceivePlan, type ReceiveResult } from './messages/receiver.js';
export { Sender } from './messages/sender.js';
export { findNamespaces, type FoundNamespace } from './model/find-namespaces.js';
export { findTarget, openTarget, type QueueTarget } from './model/find-queue.js';
export { listObjects, type IpcObject } from './model/ipc-object.js';
export { KINDS, type KindName } from './model/kind-names.js';
export { type Waiting } from './model/queue-state.js';
export { planRemoval, type RemovalPlan, type RemovalRequest } from './cleaning/removal.js';
export { readOverview, type Overview, type Warning } from './model/overview.js';
export {
  findBlockedThreads,
  type BlockedThread,
  type BlockedThreads,
  type UnseenProcess,
} from './processes/blocked.js';
export { reportQueue, type QueueReport } from './model/queue-report.js';
export { type Flow, type Flows } from './watch/rates.js';
export { Sampler, type Sample } from './watch/sampler.js';
export type { WatchedQueue } from './watch/watched-queue.js';
