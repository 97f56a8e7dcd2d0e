import type { TestContext } from 'node:test';
import { skipOrFail, skipWithoutCommands } from '../helpers/commands.js';
import { until } from '../helpers/deadline.js';
import { unshare, works } from '../helpers/namespace.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import { ownPosixPlaces } from '../helpers/posix-places.js';
import { run, start, type Exit, type RunningProcess, type StartOptions } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';
import { skipWithoutOtherUser, withoutPower } from '../helpers/users.js';

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

/** Waits until a sender (S) or a receiver (R) is blocked in the queue. */
export async function untilBlocked(t: TestContext, id: number, who: 'S' | 'R'): Promise<void> {
  await until(async () => {
    const { stdout } = await ipctools(t, ['show', '-q', id, '--json']);
    return (JSON.parse(stdout) as { queue: { waiting: string | null } }).queue.waiting === who;
  }, `a thread blocked in queue ${id}`);
}

const ownWorld = unshare('--ipc', '--pid', '--fork', '--kill-child', '--mount-proc');

/** For a test's `skip` option: false if a world of its own can be had, otherwise why not; throws where CI is set. */
export function skipWithoutWorlds(): string | false {
  if (works(ownWorld)) return false;
  return skipOrFail('namespaces of IPC objects and processes cannot be made here (unshare)');
}

/** What every scene can use. `blocked ID N` waits until N threads are blocked in the queue. */
const prelude = `
set -u
{ ${ownPosixPlaces}; } 2>/dev/null
ipctools() { ${quoted(process.execPath)} ${quoted(bin('ipctools'))} "$@"; }
blocked() {
  until [ "$(cat /proc/[0-9]*/task/*/syscall 2>/dev/null | grep -c -E "^(69|70|186|187|188|189|400|401) 0x$1 ")" = "$2" ]; do sleep 0.02; done
}
`;

const sceneEnvironment = { TZ: 'UTC', LC_ALL: 'C.UTF-8', TERM: 'xterm', NO_COLOR: '1' };

/** Starts a bash script in a world without any object or process of others: ids begin with 0, pids with 1. */
export function startScene(t: TestContext, script: string, options: StartOptions = {}): RunningProcess {
  const [command = '', ...rest] = ownWorld;
  return start(t, command, [...rest, 'bash', '--norc', '-c', prelude + script], {
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
  return skipWithoutCommands('script') || skipWithoutWorlds();
}

/** The same on a terminal of so many columns: what is typed goes in at `write`, what is shown comes out at `stdout`. */
export function sceneOnTerminal(
  t: TestContext,
  script: string,
  columns: number,
  env: StartOptions['env'] = {},
): RunningProcess {
  const command = [...ownWorld, 'bash', '--norc', '-c', '"$SCENE"']
    .join(' ')
    .replace('"$SCENE"', `'eval "$SCENE"'`);
  return start(t, 'script', ['-qefc', `stty columns ${columns} -onlcr; exec ${command}`, '/dev/null'], {
    env: { ...sceneEnvironment, SCENE: prelude + script, ...env },
  });
}

/** A stranger, for `powerless` and for scenes. */
export const strangerUid = 54_321;

/** In a scene, in front of a command: it runs as the stranger. */
export const asStranger = `setpriv --reuid=${strangerUid} --regid=${strangerUid} --clear-groups`;

/** For a test's `skip` option: false if the stranger can be had in a world, and run our commands. */
export function skipWithoutStranger(): string | false {
  const reason = skipWithoutWorlds() || skipWithoutCommands('setpriv') || skipWithoutOtherUser(strangerUid);
  if (reason !== false || works([...ownWorld, ...asStranger.split(' ')])) return reason;
  return 'a user namespace has no other users';
}

/** Runs ipctools as a user who is subject to modes and owners; root can name the user. */
export function powerless(
  t: TestContext,
  commandArguments: readonly (string | number)[],
  user?: number,
): Promise<Exit> {
  const as = user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const words = [process.execPath, bin('ipctools'), ...commandArguments.map(String)];
  return run(t, 'env', [...withoutPower, ...as, ...words]);
}

/**
 * Masks what differs from run to run: the numbers of processes, moments, how long ago, and with them the widths of
 * columns.
 */
export function mask(text: string): string {
  return text
    .replace(/\b\d+ (dead|ended|node|bash|python3|sh)\b/g, 'PID $1')
    .replace(/\(thread \d+\)/g, '(thread TID)')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
    .replace(/\b\d+s\b( ago)?/g, 'AGO$1')
    .replace(/─+/g, '─')
    .replace(/ {2,}/g, '  ')
    .replace(/\r/g, '');
}
