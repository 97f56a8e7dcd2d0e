import { spawnSync } from 'node:child_process';

/** Limits to set in a fresh IPC namespace, by their names below /proc/sys/kernel. */
export interface NamespaceLimits {
  readonly msgmax?: number;
  readonly msgmnb?: number;
  readonly msgmni?: number;
}

const unshare = ['unshare', '--ipc', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];

/**
 * The command that runs another one in an IPC namespace of its own, where no object of anybody else is and the limits
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
  const [first = '', ...rest] = unshare;
  if (settings.length === 0) return [first, [...rest, '--', command, ...commandArguments]];
  return [
    first,
    [...rest, '--', 'sh', '-c', `${settings.join(' ')} exec "$@"`, 'sh', command, ...commandArguments],
  ];
}

/** For a test's `skip` option: false if namespaces can be made, otherwise the reason; throws where CI is set. */
export function skipWithoutNamespaces(): string | false {
  const [command, commandArguments] = inOwnNamespace('true', [], { msgmni: 100 });
  if (spawnSync(command, commandArguments, { stdio: 'ignore' }).status === 0) return false;
  const reason = 'IPC namespaces cannot be made here (unshare --ipc)';
  if (process.env['CI']) throw new Error(reason);
  return reason;
}
