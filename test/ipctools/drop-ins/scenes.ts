import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { bin, root } from '../../helpers/node.js';
import { run } from '../../helpers/process.js';

export type Program = 'ipcs' | 'ipcrm' | 'ipcmk';

/** What is there before the first command; fixtures/scenes.py says more about each. */
export type TableName = 'nothing' | 'three' | 'wrapped' | 'many' | 'rich';

/** A program's name and its arguments, and the circumstances. */
export interface Command {
  readonly line: readonly [Program, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Run as this user, with the same number as group. Only root can. */
  readonly user?: number;
  /** Standard output is /dev/full. */
  readonly full?: boolean;
}

export interface Scene {
  readonly table: TableName;
  readonly commands: readonly RunnableCommand[];
  /** The commands change nothing, and can run side by side. */
  readonly looks?: boolean;
}

export interface RunnableCommand extends Omit<Command, 'line'> {
  readonly argv: readonly string[];
}

/** What became of a command. Text is one character per byte. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The objects that were there afterwards: id, mode, and size where there is one. */
  readonly left: Readonly<
    Record<'queues' | 'segments' | 'semaphores', readonly (readonly [number, ...unknown[]])[]>
  >;
}

const python = '/usr/bin/python3';
const player = `${root}test/ipctools/drop-ins/fixtures/scenes.py`;

export const isRoot = process.getuid?.() === 0;

/** For a test's `skip` option: false if scenes can be played here, otherwise the reason; throws where CI is set. */
export function skipWithoutScenes(): string | false {
  const unshare = isRoot ? ['--ipc'] : ['--map-root-user', '--ipc'];
  const works =
    spawnSync('unshare', [...unshare, python, '-c', 'import ctypes'], { stdio: 'ignore' }).status === 0;
  return works ? false : skipOrFail(`${python} or IPC namespaces (unshare --ipc) are missing`);
}

/** The same for the programs that ours stand in for. */
export function skipWithoutUtilLinux(): string | false {
  const version = spawnSync('ipcs', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  if (!version.includes('util-linux')) return skipOrFail('ipcs of util-linux is not installed');
  // Other versions write other texts, so this is no peer that somebody has forgotten to install.
  if (!version.includes('util-linux 2.38')) return `${version.trim()} is not the 2.38 that is compared with`;
  return skipWithoutScenes();
}

function skipOrFail(reason: string): string {
  if (process.env['CI']) throw new Error(reason);
  return reason;
}

/** The command with util-linux's program. */
export function theirs({ line, ...circumstances }: Command): RunnableCommand {
  return { argv: line, ...withPlainLocale(circumstances) };
}

/** The command with our drop-in. */
export function ours({ line, ...circumstances }: Command): RunnableCommand {
  return { argv: [process.execPath, bin('ipctools'), ...line], ...withPlainLocale(circumstances) };
}

/** Messages can be translated, and are not the same then. */
function withPlainLocale<C extends Omit<Command, 'line'>>(circumstances: C): C {
  return { ...circumstances, env: { LC_ALL: 'C', ...circumstances.env } };
}

/** Plays scenes, each in a namespace of its own. */
export async function play(t: TestContext, scenes: readonly Scene[]): Promise<Outcome[][]> {
  const command = isRoot ? [python, player] : ['unshare', '--map-root-user', python, player];
  const [first = '', ...rest] = command;
  const { code, stdout, stderr } = await run(t, first, rest, {
    input: JSON.stringify(scenes),
    env: { AS_ROOT: isRoot ? '1' : '0' },
  });
  if (code !== 0) throw new Error(`the scenes could not be played: ${stderr}`);
  return JSON.parse(stdout) as Outcome[][];
}

/** What one of our drop-ins does to a table. */
export async function playOurs(t: TestContext, table: TableName, command: Command): Promise<Outcome> {
  const [[outcome] = []] = await play(t, [{ table, commands: [ours(command)] }]);
  if (outcome === undefined) throw new Error('the scene has no outcome');
  return outcome;
}

/** For a test's `skip` option: only root can run a command as somebody else, who must be able to read our files. */
export function skipWithoutOtherUser(user: number): string | false {
  if (!isRoot) return 'only root can become another user (run the tests as root as well)';
  const { status } = spawnSync(process.execPath, [bin('ipctools'), 'ipcs', '--version'], {
    uid: user,
    gid: user,
    stdio: 'ignore',
  });
  return status === 0 ? false : `user ${user} cannot read ${root}`;
}

/** The ids of what is left of a kind. */
export function idsLeft({ left }: Outcome, kind: keyof Outcome['left']): number[] {
  return left[kind].map(([id]) => id);
}
