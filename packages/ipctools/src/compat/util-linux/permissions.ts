import { readFileSync } from 'node:fs';

/** Who owns an object, who made it, and what its permission bits are. */
export interface Ownership {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly creatorUid: number;
  readonly creatorGid: number;
}

const READ = 0o4;

/** The bit of CAP_IPC_OWNER in a capability mask (capabilities(7)): System V permissions are not checked. */
const CAP_IPC_OWNER = 1n << 15n;

interface Reader {
  readonly user: number | undefined;
  readonly groups: ReadonlySet<number | undefined>;
}

let reader: Reader | undefined;

/** Who this process is; it stays that, and a long table asks for each of its rows. */
function whoReads(): Reader {
  return (reader ??= {
    user: process.geteuid?.(),
    groups: new Set([process.getegid?.(), ...(process.getgroups?.() ?? [])]),
  });
}

/** Whether this process may read an object, as the kernel decides it (sysvipc(7), "Resource access permissions"). */
export function mayRead({ mode, uid, gid, creatorUid, creatorGid }: Ownership): boolean {
  const { user, groups } = whoReads();
  let granted = mode;
  if (user === uid || user === creatorUid) granted = mode >> 6;
  else if (groups.has(gid) || groups.has(creatorGid)) granted = mode >> 3;
  return (granted & READ) !== 0 || isIpcOwner();
}

function isIpcOwner(): boolean {
  try {
    const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & CAP_IPC_OWNER) !== 0n;
  } catch {
    return process.geteuid?.() === 0;
  }
}
