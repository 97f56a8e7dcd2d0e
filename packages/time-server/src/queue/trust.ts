import { formatKey } from '@timeq/mq-native';
import type { Key } from '@timeq/mq-native';
import { ServerError } from '../server-error.js';
import { named } from './named.js';

/** Who may change and remove an object of the kernel, whatever its mode says. */
export interface Ownership {
  readonly uid: number;
  readonly creatorUid: number;
}

const ROOT = 0;

const isSelf = (uid: number): boolean => uid === process.geteuid?.();

/** Whether only this user and root, who may do everything anyway, have it in their hands. */
export function isOwn({ uid, creatorUid }: Ownership): boolean {
  return [uid, creatorUid].every((user) => isSelf(user) || user === ROOT);
}

/**
 * Whether another user has made it, or was given it by others than this user. What this user has made is never foreign:
 * if it is somebody else's now, then because this user gave it away.
 */
export function isForeign(ownership: Ownership): boolean {
  return !isSelf(ownership.creatorUid) && !isOwn(ownership);
}

/** `uid 1000`, or `uid 1000, made by uid 1001`. */
export function whose({ uid, creatorUid }: Ownership): string {
  return uid === creatorUid ? `uid ${uid}` : `uid ${uid}, made by uid ${creatorUid}`;
}

/** Why a queue of another user is not served. */
export function foreignQueue(key: Key, queue: Ownership & { readonly id: number }): ServerError {
  const at = formatKey(key);
  return new ServerError(
    'FOREIGN',
    `the queue at ${named(key)} is another user's (id ${queue.id}, ${whose(queue)}), who can read, change and remove it: ` +
      `choose another --key, remove it with "ipctools remove ${at}" after a look with "ipctools show ${at}", or serve it ` +
      `all the same, as one that a client has made early, with --adopt-foreign`,
  );
}

/** Why a key is not claimed with a semaphore of another user. */
export function foreignSemaphore(key: Key, semaphore: Ownership): ServerError {
  return new ServerError(
    'FOREIGN',
    `the semaphore at ${named(key)}, which tells whether its server lives, is another user's (${whose(semaphore)}): ` +
      `choose another --key, remove it with "ipcrm -S ${formatKey(key)}" if nobody needs it, or have it replaced ` +
      `with --adopt-foreign`,
  );
}
