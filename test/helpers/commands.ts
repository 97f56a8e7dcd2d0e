import { spawnSync } from 'node:child_process';

/** The Debian package of a command, where the two names differ. */
const packages: Readonly<Record<string, string>> = {
  chrt: 'util-linux',
  groff: 'groff-base',
  'linux.uml': 'user-mode-linux',
  prlimit: 'util-linux',
  promtool: 'prometheus',
  script: 'bsdutils',
  setpriv: 'util-linux',
  setsid: 'util-linux',
  'systemd-analyze': 'systemd',
  taskset: 'util-linux',
  unshare: 'util-linux',
};

/** For a test's `skip` option: false if all these commands are installed, otherwise which one is missing; throws in CI. */
export function skipWithoutCommands(...names: string[]): string | false {
  const missing = names.find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error !== undefined,
  );
  if (missing === undefined) return false;
  return skipOrFail(`${missing} is not installed (Debian: ${packages[missing] ?? missing})`);
}

/** The reason to skip a test. Throws in CI, where everything that can be installed must be. */
export function skipOrFail(reason: string): string {
  if (process.env['CI']) throw new Error(reason);
  return reason;
}
