import { spawnSync } from 'node:child_process';
import { skipOrFail } from './commands.js';

/** Limits to set in a new IPC namespace, named as in /proc/sys/kernel. */
interface NamespaceLimits {
  readonly msgmax?: number;
  readonly msgmnb?: number;
  readonly msgmni?: number;
}

const known = new Map<string, string[]>();

/**
 * unshare(1) with these options: directly if this user may, otherwise as root of a new user namespace.
 * Only an attempt tells, because in many containers even root may not.
 */
export function unshare(...options: string[]): string[] {
  const name = options.join(' ');
  const found = known.get(name) ??
    [['unshare', ...options]].find(works) ?? ['unshare', '--map-root-user', ...options];
  known.set(name, found);
  return found;
}

/** Whether this command can run another one. */
export function works([command = '', ...rest]: readonly string[]): boolean {
  return spawnSync(command, [...rest, '--', 'true'], { stdio: 'ignore' }).status === 0;
}

/**
 * The command that runs another one in a new IPC namespace. It has no objects, and its limits
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

/** For a test's `skip` option: false if this user may create pid namespaces beside the same objects, as root may. */
export function skipWithoutPidNamespaces(): string | false {
  if (works(['unshare', '--pid', '--fork', '--kill-child'])) return false;
  const reason = 'pid namespaces cannot be made here (unshare --pid, as root)';
  return process.getuid?.() === 0 ? skipOrFail(reason) : reason;
}

/** For a test's `skip` option: false if this user may also enter existing namespaces, which takes CAP_SYS_ADMIN. */
export function skipWithoutEntering(): string | false {
  return works(['unshare', '--ipc'])
    ? skipWithoutNamespaces()
    : 'to enter another IPC namespace needs CAP_SYS_ADMIN';
}

/** For a test's `skip` option: false if this user may create namespaces, otherwise the reason; throws in CI. */
export function skipWithoutNamespaces(): string | false {
  const [command, commandArguments] = inOwnNamespace('true', [], { msgmni: 100 });
  if (spawnSync(command, commandArguments, { stdio: 'ignore' }).status === 0) return false;
  return skipOrFail('IPC namespaces cannot be made here (unshare --ipc)');
}
