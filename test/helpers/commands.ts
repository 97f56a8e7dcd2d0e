import { spawnSync } from 'node:child_process';

/** The Debian package of a command where it is not called like the command. */
const packages: Readonly<Record<string, string>> = {
  chrt: 'util-linux',
  groff: 'groff-base',
  prlimit: 'util-linux',
  script: 'bsdutils',
  setpriv: 'util-linux',
  setsid: 'util-linux',
  'systemd-analyze': 'systemd',
  taskset: 'util-linux',
  unshare: 'util-linux',
};

/** For a test's `skip` option: false if all these commands are there, otherwise which is missing; throws where CI is set. */
export function skipWithoutCommands(...names: string[]): string | false {
  const missing = names.find(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error !== undefined,
  );
  if (missing === undefined) return false;
  return skipOrFail(`${missing} is not installed (Debian: ${packages[missing] ?? missing})`);
}

/** The reason for which a test is skipped. Where CI is set nothing that can be installed is missing: it throws. */
export function skipOrFail(reason: string): string {
  if (process.env['CI']) throw new Error(reason);
  return reason;
}
