import { readFileSync } from 'node:fs';
import { formatKey, formatMode, isStopped, Liveness, type Key, type SemaphoreEntry } from '@timeq/mq-native';
import type { Log } from '../log.js';
import { ServerError } from '../server-error.js';
import { named } from './named.js';
import { isOwn, whose } from './trust.js';

/** The addition to sentences about a stopped server. */
export const STOPPED = ', and is stopped (SIGSTOP)';

/** How long a living server may take to end after it was asked to, in milliseconds. */
const TAKEOVER_MS = 10_000;

const WRITABLE_BY_OTHERS = 0o022;

/**
 * Asks the server that holds a key to end, and waits until it has. The pid is only what the semaphore says, and any
 * program can create a semaphore: it is believed only if no user but this one and root could have set it.
 * @param semaphore the set that names the pid
 * @throws {ServerError} HELD, NOT_PERMITTED or TIMED_OUT
 */
export async function endServer(
  key: Key,
  pid: number,
  semaphore: SemaphoreEntry | undefined,
  log: Log,
): Promise<void> {
  // It was removed since: there is no server any more.
  if (semaphore === undefined) return;
  const doubt = doubtOf(pid, semaphore);
  if (doubt !== undefined) throw notEnded(key, pid, doubt);
  log.info('takeover', `asking pid ${pid}, which serves ${named(key)}, to end`, { pid });
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'EPERM') return;
    throw new ServerError(
      'NOT_PERMITTED',
      `pid ${pid}, which serves ${named(key)}, belongs to another user: run as that user`,
    );
  }
  try {
    await Liveness.died(key, { signal: AbortSignal.timeout(TAKEOVER_MS) });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    throw new ServerError(
      'TIMED_OUT',
      `pid ${pid} still serves ${named(key)}, ${TAKEOVER_MS / 1000} s after it was asked to end` +
        (isStopped(pid)
          ? `${STOPPED}: let it go on with "kill -CONT ${pid}", and it ends`
          : ': see what it does, or kill it'),
    );
  }
}

/** Why a semaphore can't be trusted; undefined if it can. */
function doubtOf(pid: number, semaphore: SemaphoreEntry): string | undefined {
  if (!isOwn(semaphore)) return `the semaphore that says so belongs to another user (${whose(semaphore)})`;
  if ((semaphore.mode & WRITABLE_BY_OTHERS) !== 0)
    return `users other than its owner may change the semaphore that says so (mode ${formatMode(semaphore.mode)})`;
  const user = userOf(pid);
  if (user === undefined || user === semaphore.uid) return undefined;
  return `it is a process of uid ${user}, and the semaphore that says so is uid ${semaphore.uid}'s`;
}

function notEnded(key: Key, pid: number, doubt: string): ServerError {
  return new ServerError(
    'HELD',
    `pid ${pid} may serve ${named(key)} but is not asked to end, because ${doubt}: check what that process is, then ` +
      `end it yourself or remove the semaphore with "ipcrm -S ${formatKey(key)}", or choose another --key`,
  );
}

/** The effective uid of a process; undefined if it has ended, or without /proc. */
function userOf(pid: number): number | undefined {
  try {
    const user = /^Uid:\s+\d+\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return user === undefined ? undefined : Number(user);
  } catch {
    return undefined;
  }
}
