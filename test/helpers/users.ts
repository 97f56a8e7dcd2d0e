import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { works } from './namespace.js';
import { bin, root } from './node.js';

/** For a test's `skip` option: false if this process can become another user, as only root can. */
export function skipWithoutOtherUsers(): string | false {
  const { status } = spawnSync('true', { uid: 65534, gid: 65534, stdio: 'ignore' });
  return status === 0 ? false : 'only root can become another user (run the tests as root as well)';
}

/** The same, and root may also remove other users' objects, which it may not in many containers. */
export function skipWithoutPower(): string | false {
  return (
    skipWithoutOtherUsers() || (hasPower(sysAdmin) ? false : 'to remove what others own takes CAP_SYS_ADMIN')
  );
}

/** The same, and the other user may read the project's commands. */
export function skipWithoutOtherUser(uid: number): string | false {
  const options = { uid, gid: uid, stdio: 'ignore' } as const;
  if (spawnSync('true', options).status !== 0) return skipWithoutOtherUsers();
  const { status } = spawnSync(process.execPath, [bin('ipctools'), 'ipcs', '--version'], options);
  return status === 0 ? false : `user ${uid} cannot read ${root} or run ${process.execPath}`;
}

/** The capabilities that bypass the permissions of objects or enter namespaces, by number: capabilities(7). */
const ipcOwner = 15n;
const sysAdmin = 21n;

function hasPower(...capabilities: bigint[]): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return capabilities.some((capability) => ((BigInt(`0x${effective}`) >> capability) & 1n) === 1n);
}

const dropCapabilities = ['setpriv', '--bounding-set=-ipc_owner,-sys_admin'];

/** A prefix that drops capabilities: modes and owners then apply to the command even if root runs it. */
export const withoutPower: readonly string[] = hasPower(ipcOwner, sysAdmin) ? dropCapabilities : [];

/** For a test's `skip` option: false if that prefix works. */
export function skipUnlessPowerless(): string | false {
  if (withoutPower.length === 0 || works(withoutPower)) return false;
  return 'root cannot drop its capabilities over objects here (setpriv of util-linux)';
}
