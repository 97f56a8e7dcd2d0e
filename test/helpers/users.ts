import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { works } from './namespace.js';
import { bin, root } from './node.js';

/** For a test's `skip` option: false if this process can become another user, as only root can. */
export function skipWithoutOtherUsers(): string | false {
  const { status } = spawnSync('true', { uid: 65534, gid: 65534, stdio: 'ignore' });
  return status === 0 ? false : 'only root can become another user (run the tests as root as well)';
}

/** The same where root also removes what others own: in many containers it may not. */
export function skipWithoutPower(): string | false {
  return (
    skipWithoutOtherUsers() || (hasPower(sysAdmin) ? false : 'to remove what others own takes CAP_SYS_ADMIN')
  );
}

/** The same for a user who runs one of our commands, and must be able to read it. */
export function skipWithoutOtherUser(uid: number): string | false {
  const options = { uid, gid: uid, stdio: 'ignore' } as const;
  if (spawnSync('true', options).status !== 0) return skipWithoutOtherUsers();
  const { status } = spawnSync(process.execPath, [bin('ipctools'), 'ipcs', '--version'], options);
  return status === 0 ? false : `user ${uid} cannot read ${root} or run ${process.execPath}`;
}

/** The numbers of the capabilities that pass by the permissions of objects, and into namespaces: capabilities(7). */
const ipcOwner = 15n;
const sysAdmin = 21n;

function hasPower(...capabilities: bigint[]): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return capabilities.some((capability) => ((BigInt(`0x${effective}`) >> capability) & 1n) === 1n);
}

const givingUp = ['setpriv', '--bounding-set=-ipc_owner,-sys_admin'];

/** In front of a command: modes and owners matter to it, as they do not to root. */
export const withoutPower: readonly string[] = hasPower(ipcOwner, sysAdmin) ? givingUp : [];

/** For a test's `skip` option: false if what runs so has no power. */
export function skipUnlessPowerless(): string | false {
  if (withoutPower.length === 0 || works(withoutPower)) return false;
  return 'root cannot drop its capabilities over objects here (setpriv of util-linux)';
}
