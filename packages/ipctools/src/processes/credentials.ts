import type { ProcessSource, QueueEntry } from '@timeq/mq-native';

/** What the kernel asks of a thread before it lets it use an object: ipcperms in ipc/util.c. */
export interface Credentials {
  /** The effective user. */
  readonly uid: number;
  /** The group of the file system, the effective one, and the supplementary ones. */
  readonly gids: readonly number[];
  /** CAP_IPC_OWNER, which passes all modes. */
  readonly ipcOwner: boolean;
}

/** The number of CAP_IPC_OWNER in linux/capability.h. */
const IPC_OWNER = 15n;

/** What users and groups are called that have no number in this user namespace (user_namespaces(7)). */
const UNMAPPED = 65_534;

/** Read of /proc/PID/task/TID/status, which is open to all; undefined if it can't be. */
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
 * Whether a thread may be blocked in a queue, by its mode: a change of the mode wakes those who wait, and they are asked
 * again. Whatever is not known counts as a yes.
 */
export function mayUse(credentials: Credentials | undefined, queue: QueueEntry): boolean {
  if (credentials === undefined || credentials.ipcOwner) return true;
  const { uid, gids } = credentials;
  if (uid === UNMAPPED || gids.includes(UNMAPPED)) return true;
  const granted = (bits: number): boolean => (bits & 0o6) !== 0;
  if (uid === queue.uid || uid === queue.creatorUid) return granted(queue.mode >> 6);
  const inGroup = gids.includes(queue.gid) || gids.includes(queue.creatorGid);
  return granted(inGroup ? queue.mode >> 3 : queue.mode);
}
