import { readFileSync } from 'node:fs';

/** Numbers of linux/capability.h that System V objects ask for. */
const NUMBERS = { ipcOwner: 15, sysAdmin: 21, sysResource: 24 } as const;

/**
 * The permissions of this process: to use every user's objects (CAP_IPC_OWNER), to change and remove them
 * (CAP_SYS_ADMIN), and to exceed msgmnb (CAP_SYS_RESOURCE).
 */
export type Capabilities = Readonly<Record<keyof typeof NUMBERS, boolean>>;

/** From /proc/self/status; without it, root has all. Source: capabilities(7). */
export function ownCapabilities(): Capabilities {
  const root = process.geteuid?.() === 0;
  let set = root ? -1n : 0n;
  try {
    const [, digits = '0'] = /^CapEff:\t([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    set = BigInt(`0x${digits}`);
  } catch {
    // Not Linux.
  }
  const has = (number: number): boolean => ((set >> BigInt(number)) & 1n) === 1n;
  return {
    ipcOwner: has(NUMBERS.ipcOwner),
    sysAdmin: has(NUMBERS.sysAdmin),
    sysResource: has(NUMBERS.sysResource),
  };
}
