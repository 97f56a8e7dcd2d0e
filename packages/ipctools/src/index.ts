export { UNKNOWN, type Column, type Operator } from './columns/column.js';
export { chooseColumns, findColumn } from './columns/choose.js';
export { parseCondition, parseConditions } from './columns/filter.js';
export {
  KINDS,
  QUEUES,
  SEGMENTS,
  SEMAPHORES,
  type KindName,
  type ObjectTable,
} from './columns/object-table.js';
export { fullness, idleSeconds, waitingIn } from './columns/queues.js';
export { sortEntries } from './columns/sort.js';
export { jsonEntry, jsonTexts, writeEntries, writeRaw } from './columns/write.js';
export { Facts } from './facts.js';
export { Failure } from './failure.js';
export { findFtokFiles, type FtokSearch } from './ftok-search.js';
export { readLimits, type Limit } from './limits.js';
export { messageFromJson, messageToJson } from './messages/json-line.js';
export { LineReader } from './messages/line-reader.js';
export { lookInto, type QueueContent, type TypeCount } from './messages/queue-content.js';
export { putBack, receiveMessages, type ReceivePlan, type ReceiveResult } from './messages/receiver.js';
export { Sender } from './messages/sender.js';
export {
  bytesFreed,
  planRemoval,
  removeCandidate,
  type RemovalCandidate,
  type RemovalPlan,
  type RemovalRequest,
} from './objects/removal.js';
export { readOverview, type Overview, type Warning } from './overview.js';
export { Owners } from './owners.js';
export { findBlockedThreads, type BlockedThread, type BlockedThreads } from './processes/blocked.js';
export { Processes, type KnownProcess, type ProcessState } from './processes/process.js';
export { reportQueue, type QueueReport } from './queue-report.js';
export { openTarget, parseTarget, type QueueTarget } from './target.js';
export { Output, ReaderGone } from './terminal/output.js';
export { main } from './cli.js';
