import {
  formatKey,
  HeldError,
  IpcError,
  isStopped,
  Liveness,
  MessageQueue,
  SemaphoreSet,
  type Key,
  type LivenessState,
  type QueueEntry,
  type SemaphoreEntry,
} from '@timeq/mq-native';
import { REQUEST, STOP } from '@timeq/time-protocol';
import type { Log } from '../log.js';
import { explain, ServerError } from '../server-error.js';
import { countTypes } from './message-types.js';
import { named } from './named.js';
import { endServer, STOPPED } from './takeover.js';
import { foreignQueue, foreignSemaphore, isForeign, isOwn, whose } from './trust.js';

/** The next step if a key is another user's. */
export const OTHER_KEY = 'choose another --key, or run as the owner of what is there';

export interface ClaimOptions {
  readonly key: Key;
  /**
   * Permission bits of the queue; the semaphore gets the same, so that every client may see that the server is alive.
   */
  readonly mode: number;
  /** The group of both; undefined for the server's own. */
  readonly gid: number | undefined;
  /** Whether to end a living server, or to serve a queue that may be another program's. */
  readonly takeover: boolean;
  /** Whether to serve another user's queue, and to replace the semaphore beside it. */
  readonly adoptForeign: boolean;
}

/** A key that this server holds until it is released or the server dies. */
interface Claim {
  readonly liveness: Liveness;
  /** Whether a server died while it held the key. */
  readonly afterDeath: boolean;
}

/**
 * Claims the key for this process.
 * @throws {ServerError} HELD, FOREIGN, TIMED_OUT, NOT_PERMITTED or FAILED
 */
export async function claim(options: ClaimOptions, log: Log): Promise<Claim> {
  const { key, takeover, adoptForeign } = options;
  let state = check(key);
  if (state.state === 'alive' && !takeover) throw held(key, state.pid);
  // Before any process is ended or any object created.
  const queue = queueAt(key);
  if (queue !== undefined && isForeign(queue) && !adoptForeign) throw foreignQueue(key, queue);
  if (state.state === 'alive') {
    if (state.pid <= 0) throw held(key, state.pid);
    await endServer(key, state.pid, semaphoreAt(key), log);
    state = check(key);
  }
  if (state.state === 'foreign') {
    throw new ServerError(
      'FOREIGN',
      `the semaphore set at ${named(key)} does not belong to a time server: choose another --key, or remove it with ` +
        `"ipcrm -S ${formatKey(key)}" if no program uses it`,
    );
  }
  if (state.state === 'unknown') {
    throw new ServerError(
      'NOT_PERMITTED',
      `another user holds ${named(key)} with a semaphore that this user may not read: choose another --key, or run as that user`,
    );
  }
  const unclaimed = state.state === 'none' || (state.state === 'dead' && state.doubt === 'unserved');
  if (unclaimed && !takeover && queue !== undefined) refuseUsedQueue(queue);
  const liveness = raise(options);
  return { liveness, afterDeath: state.state === 'dead' };
}

/**
 * Claims a key again if its semaphore was removed under the server as well.
 * @throws {ServerError} HELD when another server was quicker; NOT_PERMITTED or FAILED
 */
export function reclaim(options: ClaimOptions, former: Liveness): Liveness {
  const state = check(options.key);
  if (state.state === 'alive' && state.pid !== process.pid) throw held(options.key, state.pid);
  return state.state === 'alive' ? former : raise(options);
}

function check(key: Key): LivenessState {
  try {
    return Liveness.check(key);
  } catch (error) {
    throw explain(error, `cannot see who serves ${named(key)}`, OTHER_KEY);
  }
}

function raise({ key, mode, gid, adoptForeign }: ClaimOptions): Liveness {
  try {
    clearForeignSemaphore(key, adoptForeign);
    const liveness = Liveness.claim(key, { mode });
    refuseForeignSince(key);
    try {
      if (gid !== undefined) setGroup(key, gid);
    } catch (error) {
      liveness.release();
      throw error;
    }
    return liveness;
  } catch (error) {
    if (error instanceof HeldError) throw held(key, error.pid);
    throw explain(error, `cannot claim ${named(key)}`, OTHER_KEY);
  }
}

/** With another user's semaphore, that user could report this server as dead at any time. */
function clearForeignSemaphore(key: Key, mayReplace: boolean): void {
  const semaphore = semaphoreAt(key);
  if (semaphore === undefined || isOwn(semaphore)) return;
  if (!mayReplace) throw foreignSemaphore(key, semaphore);
  const state = check(key);
  if (state.state === 'alive') throw held(key, state.pid);
  SemaphoreSet.removeId(semaphore.id);
}

/**
 * Another program may have created a queue between the look and the claim: then the claim is released, the queue kept.
 */
function refuseForeignSince(key: Key): void {
  const semaphore = semaphoreAt(key);
  if (semaphore === undefined || isOwn(semaphore)) return;
  using set = SemaphoreSet.fromId(semaphore.id);
  set.tryOperate([{ delta: -1, undo: true }]);
  throw foreignSemaphore(key, semaphore);
}

function semaphoreAt(key: Key): SemaphoreEntry | undefined {
  try {
    using set = SemaphoreSet.open(key);
    return set.stat();
  } catch (error) {
    if (error instanceof IpcError && (error.code === 'ENOENT' || error.code === 'EIDRM')) return undefined;
    throw error;
  }
}

function queueAt(key: Key): QueueEntry | undefined {
  return MessageQueue.list().find((queue) => queue.key === key);
}

function setGroup(key: Key, gid: number): void {
  using set = SemaphoreSet.open(key);
  set.set({ gid });
}

function held(key: Key, pid: number): ServerError {
  const holder = pid > 0 ? `pid ${pid}` : 'a process that cannot be seen from here';
  const semaphore = semaphoreAt(key);
  if (semaphore !== undefined && !isOwn(semaphore)) {
    return new ServerError(
      'HELD',
      `${named(key)} is held for ${holder} by another user's semaphore (${whose(semaphore)}): choose another --key, or ` +
        `see what that process is, and end it or remove the semaphore with "ipcrm -S ${formatKey(key)}"`,
    );
  }
  if (pid <= 0) {
    return new ServerError(
      'HELD',
      `${named(key)} is served by a process of another pid namespace already, which cannot be asked to end from here: ` +
        `stop it with "time-client --key ${key} stop" or where it runs, or choose another --key`,
    );
  }
  return new ServerError(
    'HELD',
    `${named(key)} is served by ${holder} already${isStopped(pid) ? STOPPED : ''}: stop that one, take its place with --takeover, or choose another --key`,
  );
}

/**
 * A queue that no server ever claimed may be another program's. It counts as a queue that clients created early only if
 * it was never received from and holds nothing but requests and stops.
 */
function refuseUsedQueue(entry: QueueEntry): void {
  const { key } = entry;
  if (entry.receiveTime === 0 && (entry.messages === 0 || holdsOnlyRequests(key))) return;
  // A server that starts at the same moment may have claimed it since.
  const state = check(key);
  if (state.state === 'alive') throw held(key, state.pid);
  const user = entry.lastReceivePid > 0 ? `, last read by pid ${entry.lastReceivePid}` : '';
  throw new ServerError(
    'FOREIGN',
    `a queue that no time server has claimed is at ${named(key)} (id ${entry.id}, owner uid ${entry.uid}, ` +
      `${entry.messages} ${entry.messages === 1 ? 'message' : 'messages'}${user}): choose another --key, or serve it ` +
      `with --takeover if no other program uses it`,
  );
}

function holdsOnlyRequests(key: Key): boolean {
  try {
    using queue = MessageQueue.open(key);
    const types = countTypes(queue);
    return types !== undefined && [...types.keys()].every((type) => type === REQUEST || type === STOP);
  } catch (error) {
    throw explain(error, `cannot look into the queue at ${named(key)}`, OTHER_KEY);
  }
}
