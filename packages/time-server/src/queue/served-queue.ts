import { formatMode, GoneError, IpcError, MessageQueue } from '@timeq/mq-native';
import type { Log } from '../log.js';
import { OTHER_KEY, type ClaimOptions } from './claim.js';
import { named } from './named.js';
import { foreignQueue, isForeign, isOwn, whose } from './trust.js';
import { explain } from '../server-error.js';

/** A queue to serve, and whether this server created it. */
export interface ServedQueue {
  readonly queue: MessageQueue;
  readonly isNew: boolean;
}

/**
 * Creates the queue, or opens the existing one.
 * @throws {ServerError} FOREIGN, NOT_PERMITTED or FAILED
 */
export function openServedQueue(options: Omit<ClaimOptions, 'takeover'>, log: Log): ServedQueue {
  for (;;) {
    try {
      return prepared(options, log);
    } catch (error) {
      // Another process removed it between two calls.
      if (error instanceof GoneError) continue;
      throw explain(error, `cannot serve a queue at ${named(options.key)}`, OTHER_KEY);
    }
  }
}

function prepared(options: Omit<ClaimOptions, 'takeover'>, log: Log): ServedQueue {
  const { key, mode, gid } = options;
  const served = createOrOpen(key, mode);
  if (!served.isNew) checkOwner(served.queue, options, log);
  if (!served.isNew) setPermissions(served.queue, options, log);
  else if (gid !== undefined) giveToGroup(served.queue, gid);
  return served;
}

function createOrOpen(key: number, mode: number): ServedQueue {
  for (;;) {
    try {
      return { queue: MessageQueue.create(key, { mode }), isNew: true };
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
    try {
      return { queue: MessageQueue.open(key), isNew: false };
    } catch (error) {
      // Another process has just removed it.
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
}

/** By the id, so that no other queue can take its key between this check and the use. */
function checkOwner(
  queue: MessageQueue,
  { key, adoptForeign }: Omit<ClaimOptions, 'takeover'>,
  log: Log,
): void {
  const stat = queue.stat();
  if (isForeign(stat) && !adoptForeign) {
    queue.close();
    throw foreignQueue(key, stat);
  }
  if (isOwn(stat)) return;
  const { uid, creatorUid } = stat;
  const message = `another user controls the queue (${whose(stat)}) and can read, change and remove it`;
  log.warn('owner', message, { uid, creatorUid });
}

function giveToGroup(queue: MessageQueue, gid: number): void {
  try {
    queue.set({ gid });
  } catch (error) {
    queue.remove();
    throw error;
  }
}

function setPermissions(queue: MessageQueue, { mode, gid }: Omit<ClaimOptions, 'takeover'>, log: Log): void {
  const stat = queue.stat();
  if (stat.mode === mode && (gid === undefined || stat.gid === gid)) return;
  try {
    queue.set(gid === undefined ? { mode } : { mode, gid });
  } catch (error) {
    if (!hasCode(error, 'EPERM')) throw error;
    log.warn(
      'permissions',
      `the queue belongs to uid ${stat.uid} and keeps its mode ${formatMode(stat.mode)} and its group ${stat.gid}`,
      { mode: formatMode(stat.mode), uid: stat.uid, gid: stat.gid },
    );
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof IpcError && error.code === code;
}
