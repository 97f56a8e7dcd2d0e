import { readFileSync, statfsSync } from 'node:fs';
import type { Limit } from '../model/limits.js';
import type { PosixFacts } from '../model/posix/facts.js';

/** HARD_QUEUESMAX, HARD_MSGMAX and HARD_MSGSIZEMAX of linux/ipc_namespace.h; queues_max is an int. */
const HIGHEST = { queues_max: 2 ** 31 - 1, msg_max: 65_536, msgsize_max: 16 * 1024 * 1024 };

/** A limit of fs.mqueue; undefined where the kernel has no POSIX queues. */
export function readMqueueLimit(name: keyof typeof HIGHEST): number | undefined {
  try {
    return Number(readFileSync(`/proc/sys/fs/mqueue/${name}`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** No limits where the kernel has no POSIX queues. */
function queueLimit(name: keyof typeof HIGHEST, meaning: string, inUse?: number): Limit[] {
  const value = readMqueueLimit(name);
  if (value === undefined) return [];
  const sysctl = `fs.mqueue.${name}`;
  const more = Math.min(value * 2, HIGHEST[name]);
  const raise = more > value ? `sysctl -w ${sysctl}=${more}` : undefined;
  return [{ name, meaning, value, sysctl, raise, ...(inUse !== undefined && { inUse }) }];
}

/** The limits of POSIX objects: fs.mqueue (mq_overview(7)) of this IPC namespace, and the size of /dev/shm. */
export function readPosixLimits({ places, objects }: PosixFacts): Limit[] {
  const { queues, memory } = places;
  const count =
    typeof queues === 'string' ? undefined : objects.filter(({ kind }) => kind === 'posix queue').length;
  const limits = [
    ...queueLimit('queues_max', 'POSIX queues', count),
    ...queueLimit('msg_max', 'messages in a POSIX queue'),
    ...queueLimit('msgsize_max', 'bytes in a message of a POSIX queue'),
  ];
  if (typeof memory === 'string') return limits;
  const { blocks, bfree, bsize } = statfsSync(memory.folder);
  // A tmpfs without a limit reports no blocks.
  if (blocks === 0) return limits;
  const value = blocks * bsize;
  return [
    ...limits,
    {
      name: '/dev/shm',
      meaning: 'bytes of POSIX shared memory',
      value,
      inUse: (blocks - bfree) * bsize,
      sysctl: undefined,
      raise: `mount -o remount,size=${value * 2} /dev/shm`,
    },
  ];
}
