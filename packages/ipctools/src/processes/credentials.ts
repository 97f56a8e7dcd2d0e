import type { ProcessSource } from '@timeq/mq-native';
import { ownCapabilities } from './capabilities.js';

/** The credentials by which the kernel lets a thread use an object: ipcperms in ipc/util.c. */
export interface Credentials {
  /** The effective user. */
  readonly uid: number;
  /** The group of the file system, the effective one, and the supplementary ones. */
  readonly gids: readonly number[];
  /** CAP_IPC_OWNER, which bypasses all modes. */
  readonly ipcOwner: boolean;
}

/** Whose an object is, and what its mode grants to whom. */
export interface Ownership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly creatorUid: number;
  readonly creatorGid: number;
}

/** Bits of a mode. */
const READ = 0o4;
export const WRITE = 0o2;

/** The number of CAP_IPC_OWNER in linux/capability.h. */
const IPC_OWNER = 15n;

/** The number of users and groups that have none in this user namespace (user_namespaces(7)). */
const UNMAPPED = 65_534;

/** From /proc/PID/task/TID/status, which every user may read; undefined if it can't be read. */
export function readCredentials(source: ProcessSource, thread: string): Credentials | undefined {
  try {
    const status = source.text(`${thread}/status`);
    const words = (name: string): readonly string[] =>
      new RegExp(`^${name}:\\s*(.*)`, 'm').exec(status)?.[1]?.split(/\s+/).filter(Boolean) ?? [];
    // Real, effective, saved, and that of the file system.
    const [, uid] = words('Uid');
    const [, gid, , fileGid] = words('Gid');
    const [capabilities] = words('CapEff');
    if (uid === undefined || gid === undefined || fileGid === undefined || capabilities === undefined)
      return undefined;
    return {
      uid: Number(uid),
      gids: [gid, fileGid, ...words('Groups')].map(Number),
      ipcOwner: ((BigInt(`0x${capabilities}`) >> IPC_OWNER) & 1n) === 1n,
    };
  } catch {
    return undefined;
  }
}

/**
 * Whether a thread may be blocked in a queue, by its mode: a change of the mode wakes the waiters, and the kernel
 * checks them again. Unknown credentials count as a yes.
 */
export function mayUse(credentials: Credentials | undefined, queue: Ownership): boolean {
  if (credentials === undefined) return true;
  const { uid, gids } = credentials;
  return uid === UNMAPPED || gids.includes(UNMAPPED) || isGranted(credentials, queue, READ | WRITE);
}

/** Whether the kernel grants any of these bits of an object. */
export function isGranted({ uid, gids, ipcOwner }: Credentials, object: Ownership, bits: number): boolean {
  if (ipcOwner) return true;
  const isOwner = uid === object.uid || uid === object.creatorUid;
  const inGroup = gids.includes(object.gid) || gids.includes(object.creatorGid);
  return ((object.mode >> (isOwner ? 6 : inGroup ? 3 : 0)) & bits) !== 0;
}

let own: Credentials | undefined;

/** Whether this process may read an object. Who it is stays so, and a long table asks for each of its rows. */
export function mayRead(object: Ownership): boolean {
  own ??= {
    uid: process.geteuid?.() ?? 0,
    gids: [process.getegid?.() ?? 0, ...(process.getgroups?.() ?? [])],
    ipcOwner: ownCapabilities().ipcOwner,
  };
  return isGranted(own, object, READ);
}
