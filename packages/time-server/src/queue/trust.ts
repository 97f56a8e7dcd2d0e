import { formatKey, type Key } from '@timeq/mq-native';
import { ServerError } from '../server-error.js';
import { named } from './named.js';

/** The users who may change and remove a kernel object, whatever its mode. */
export interface Ownership {
  readonly uid: number;
  readonly creatorUid: number;
}

const ROOT = 0;

const isSelf = (uid: number): boolean => uid === process.geteuid?.();

/** Whether only this user, and root, who may do everything anyway, control it. */
export function isOwn({ uid, creatorUid }: Ownership): boolean {
  return [uid, creatorUid].every((user) => isSelf(user) || user === ROOT);
}

/**
 * Whether another user created it, or received it from another user than this one. An object that this user created is
 * never foreign: if it belongs to another user now, this user gave it away.
 */
export function isForeign(ownership: Ownership): boolean {
  return !isSelf(ownership.creatorUid) && !isOwn(ownership);
}

/** `uid 1000`, or `uid 1000, made by uid 1001`. */
export function whose({ uid, creatorUid }: Ownership): string {
  return uid === creatorUid ? `uid ${uid}` : `uid ${uid}, made by uid ${creatorUid}`;
}

/** Why another user's queue is not served. */
export function foreignQueue(key: Key, queue: Ownership & { readonly id: number }): ServerError {
  const at = formatKey(key);
  return new ServerError(
    'FOREIGN',
    `the queue at ${named(key)} belongs to another user (id ${queue.id}, ${whose(queue)}), who can read, change and remove it: ` +
      `choose another --key; inspect it with "ipctools show ${at}" and remove it with "ipctools remove ${at}"; or, if a ` +
      `client created it early, serve it with --adopt-foreign`,
  );
}

/** Why a key is not claimed with another user's semaphore. */
export function foreignSemaphore(key: Key, semaphore: Ownership): ServerError {
  return new ServerError(
    'FOREIGN',
    `the semaphore at ${named(key)}, which tells whether its server lives, belongs to another user (${whose(semaphore)}): ` +
      `choose another --key, remove it with "ipcrm -S ${formatKey(key)}" if no program uses it, or have it replaced ` +
      `with --adopt-foreign`,
  );
}
