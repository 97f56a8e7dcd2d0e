import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { start, type RunningProcess, type StartOptions } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';

/** For a test's `skip` option: false if terminals can be had. */
export const skipWithoutTerminal: string | false =
  spawnSync('script', ['--version']).status === 0 ? false : 'no script(1) of util-linux';

/** Runs node on a terminal of its own: what is typed goes in at `write`, and all that it shows comes out at `stdout`. */
export function onTerminal(
  t: TestContext,
  nodeArguments: readonly string[],
  { columns = 80, env = {} }: { columns?: number; env?: StartOptions['env'] } = {},
): RunningProcess {
  return script(t, `stty columns ${columns}; exec ${commandLine(nodeArguments)}`, env);
}

/** The same below a shell with job control, which says "away" after each of two stops and fetches it back. */
export function withJobs(t: TestContext, nodeArguments: readonly string[]): RunningProcess {
  const back = '{ echo away; fg >/dev/null; }';
  const jobs = `set -m; ${commandLine(nodeArguments)} || ${back} || ${back}; echo ended with $?`;
  return script(t, `bash -c ${quoted(jobs)}`);
}

function commandLine(nodeArguments: readonly string[]): string {
  return [process.execPath, ...nodeArguments].map(quoted).join(' ');
}

function script(t: TestContext, command: string, env: StartOptions['env'] = {}): RunningProcess {
  return start(t, 'script', ['-qefc', command, '/dev/null'], {
    env: { TERM: 'xterm', LC_ALL: 'C.UTF-8', TZ: 'UTC', NO_COLOR: '1', ...env },
  });
}
