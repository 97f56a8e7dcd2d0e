import { spawnSync } from 'node:child_process';
import { skipOrFail } from './commands.js';

/** Limits to set in a fresh IPC namespace, by their names below /proc/sys/kernel. */
export interface NamespaceLimits {
  readonly msgmax?: number;
  readonly msgmnb?: number;
  readonly msgmni?: number;
}

const known = new Map<string, string[]>();

/**
 * unshare(1) with these options: as it is for those who may, otherwise as root of a user namespace, which most may.
 * Who may is found out by trying: root may not in many containers.
 */
export function unshare(...options: string[]): string[] {
  const name = options.join(' ');
  const found = known.get(name) ??
    [['unshare', ...options]].find(works) ?? ['unshare', '--map-root-user', ...options];
  known.set(name, found);
  return found;
}

/** Whether this command runs another one. */
export function works([command = '', ...rest]: readonly string[]): boolean {
  return spawnSync(command, [...rest, '--', 'true'], { stdio: 'ignore' }).status === 0;
}

/**
 * The command that runs another one in an IPC namespace of its own, which has no other objects and whose limits
 * are the kernel's defaults or those given: `start(t, ...inOwnNamespace(process.execPath, [file]))`.
 */
export function inOwnNamespace(
  command: string,
  commandArguments: readonly string[],
  limits: NamespaceLimits = {},
): [command: string, commandArguments: string[]] {
  const settings = Object.entries(limits).map(
    ([name, value]) => `echo ${value} >/proc/sys/kernel/${name} &&`,
  );
  const [first = '', ...rest] = unshare('--ipc');
  if (settings.length === 0) return [first, [...rest, '--', command, ...commandArguments]];
  return [
    first,
    [...rest, '--', 'sh', '-c', `${settings.join(' ')} exec "$@"`, 'sh', command, ...commandArguments],
  ];
}

/** For a test's `skip` option: false if the namespaces of others can be entered as well, which takes CAP_SYS_ADMIN. */
export function skipWithoutEntering(): string | false {
  return works(['unshare', '--ipc'])
    ? skipWithoutNamespaces()
    : 'to enter another IPC namespace takes CAP_SYS_ADMIN';
}

/** For a test's `skip` option: false if namespaces can be made, otherwise the reason; throws where CI is set. */
export function skipWithoutNamespaces(): string | false {
  const [command, commandArguments] = inOwnNamespace('true', [], { msgmni: 100 });
  if (spawnSync(command, commandArguments, { stdio: 'ignore' }).status === 0) return false;
  return skipOrFail('IPC namespaces cannot be made here (unshare --ipc)');
}
