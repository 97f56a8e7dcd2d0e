import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { until } from '../helpers/deadline.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import { start, type Exit, type RunningProcess, type StartOptions } from '../helpers/process.js';

/** Runs `ipctools ARGUMENTS...` to its end. */
export function ipctools(
  t: TestContext,
  commandArguments: readonly (string | number)[],
  options?: StartOptions,
): Promise<Exit> {
  return runNode(t, [bin('ipctools'), ...commandArguments.map(String)], options);
}

/** Starts `ipctools ARGUMENTS...`; its input stays open. */
export function startIpctools(
  t: TestContext,
  commandArguments: readonly (string | number)[],
  options?: StartOptions,
): RunningProcess {
  return startNode(t, [bin('ipctools'), ...commandArguments.map(String)], options);
}

/** `0x0000abcd`, as the tool writes it. */
export function keyWord(key: number): string {
  return `0x${key.toString(16).padStart(8, '0')}`;
}

/** Waits until a sender (S) or a receiver (R) is blocked in the queue. */
export async function untilBlocked(t: TestContext, id: number, who: 'S' | 'R'): Promise<void> {
  await until(async () => {
    const { stdout } = await ipctools(t, ['show', '-q', id, '--json']);
    return (JSON.parse(stdout) as { queue: { waiting: string | null } }).queue.waiting === who;
  }, `a thread blocked in queue ${id}`);
}

const isRoot = process.getuid?.() === 0;
const ownWorld = [
  ...['unshare', '--ipc', '--pid', '--fork', '--kill-child', '--mount-proc'],
  ...(isRoot ? [] : ['--map-root-user']),
];

/** For a test's `skip` option: false if a world of its own can be had, otherwise why not; throws where CI is set. */
export function skipWithoutWorlds(): string | false {
  const [command = '', ...rest] = ownWorld;
  if (spawnSync(command, [...rest, 'true'], { stdio: 'ignore' }).status === 0) return false;
  const reason = 'namespaces of IPC objects and processes cannot be made here (unshare)';
  if (process.env['CI']) throw new Error(reason);
  return reason;
}

/** What every scene can use. `blocked ID N` waits until N threads are blocked in the queue. */
const prelude = `
set -u
ipctools() { '${process.execPath}' '${bin('ipctools')}' "$@"; }
blocked() {
  until [ "$(cat /proc/[0-9]*/task/*/syscall 2>/dev/null | grep -c -E "^(69|70|186|187|188|189|400|401) 0x$1 ")" = "$2" ]; do :; done
}
`;

const sceneEnvironment = { TZ: 'UTC', LC_ALL: 'C.UTF-8', TERM: 'xterm', NO_COLOR: '1' };

/** Starts a bash script in a world without any object or process of others: ids begin with 0, pids with 1. */
export function startScene(t: TestContext, script: string, options: StartOptions = {}): RunningProcess {
  const [command = '', ...rest] = ownWorld;
  return start(t, command, [...rest, 'bash', '-c', prelude + script], {
    input: '',
    ...options,
    env: { ...sceneEnvironment, ...options.env },
  });
}

/** Runs such a script to its end. */
export function playScene(t: TestContext, script: string, options: StartOptions = {}): Promise<Exit> {
  return startScene(t, script, options).exit();
}

/** For a test's `skip` option: false if terminals and worlds can be had. */
export function skipWithoutTerminals(): string | false {
  const works = spawnSync('script', ['--version']).status === 0;
  return works ? skipWithoutWorlds() : 'no script(1) of util-linux';
}

/** The same on a terminal of so many columns: what is typed goes in at `write`, what is shown comes out at `stdout`. */
export function sceneOnTerminal(
  t: TestContext,
  script: string,
  columns: number,
  env: StartOptions['env'] = {},
): RunningProcess {
  const command = [...ownWorld, 'bash', '-c', '"$SCENE"'].join(' ').replace('"$SCENE"', `'eval "$SCENE"'`);
  return start(t, 'script', ['-qefc', `stty columns ${columns} -onlcr; exec ${command}`, '/dev/null'], {
    env: { ...sceneEnvironment, SCENE: prelude + script, ...env },
  });
}

const noPower = '--bounding-set=-ipc_owner,-sys_admin';

/** For a test's `skip` option: root may do anything to any object, and gives that up for tests of permissions. */
export const skipWithoutPermissions: string | false =
  !isRoot || spawnSync('setpriv', [noPower, 'true']).status === 0
    ? false
    : 'root cannot give up its power over objects here (setpriv of util-linux)';

/** Runs ipctools as somebody whom modes and owners matter to; root can name the user. */
export function powerless(
  t: TestContext,
  commandArguments: readonly (string | number)[],
  user?: number,
): Promise<Exit> {
  const as = user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const words = [process.execPath, bin('ipctools'), ...commandArguments.map(String)];
  return isRoot
    ? start(t, 'setpriv', [noPower, ...as, ...words], { input: '' }).exit()
    : start(t, 'env', words, { input: '' }).exit();
}

/** What the kernel calls a process of this Node: newer ones name their main thread. */
export const nodeName = readFileSync('/proc/self/comm', 'latin1').trimEnd();

/**
 * Masks what differs from run to run: the numbers of processes, moments, how long ago, and with them the widths of
 * columns.
 */
export function mask(text: string): string {
  return text
    .replaceAll(nodeName, 'node')
    .replace(/\b\d+ (dead|node|bash|python3|sh)\b/g, 'PID $1')
    .replace(/\(thread \d+\)/g, '(thread TID)')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
    .replace(/\b\d+s\b( ago)?/g, 'AGO$1')
    .replace(/─+/g, '─')
    .replace(/ {2,}/g, '  ')
    .replace(/\r/g, '');
}
