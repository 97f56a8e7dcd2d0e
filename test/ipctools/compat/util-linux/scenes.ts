import { spawnSync } from 'node:child_process';
import type { TestContext } from 'node:test';
import { skipOrFail } from '../../../helpers/commands.js';
import { unshare, works } from '../../../helpers/namespace.js';
import { bin, root } from '../../../helpers/node.js';
import { quoted } from '../../../helpers/shell.js';
import { ownPosixPlaces } from '../../../helpers/posix-places.js';
import { run } from '../../../helpers/process.js';
import { releases, type Release } from './releases.js';

export type Program = 'ipcs' | 'ipcrm' | 'ipcmk' | 'lsipc';

/** What is there before the first command; fixtures/scenes.py says more about each. */
export type TableName = 'nothing' | 'three' | 'wrapped' | 'many' | 'rich' | 'hostile' | 'posix';

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

type SystemVKind = 'queues' | 'segments' | 'semaphores';

/** What became of a command. Text is one character per byte. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The objects that were there afterwards: id, mode, and size where there is one. */
  readonly left: Readonly<Record<SystemVKind, readonly (readonly [number, ...unknown[]])[]>> & {
    /** The files of POSIX objects: path, mode, size, and the bytes of small ones. */
    readonly posix: readonly (readonly [string, ...unknown[]])[];
  };
}

const python = '/usr/bin/python3';
const player = `${root}test/ipctools/compat/util-linux/fixtures/scenes.py`;

/** Scenes have every user there is; those of a user namespace have one. */
export const everyUser = unshare('--ipc').length === 2;

/** The same where scenes have POSIX objects, too. */
export function skipWithoutPosixScenes(): string | false {
  const reason = skipWithoutScenes();
  if (reason !== false || works([...unshare('--ipc', '--mount'), 'sh', '-c', ownPosixPlaces])) return reason;
  return skipOrFail('tmpfs and mqueue cannot be mounted here (/dev/shm, /dev/mqueue)');
}

/** For a test's `skip` option: false if scenes can be played here, otherwise the reason; throws where CI is set. */
export function skipWithoutScenes(): string | false {
  const [command = '', ...options] = unshare('--ipc');
  const played = spawnSync(command, [...options, python, '-c', 'import ctypes'], { stdio: 'ignore' });
  return played.status === 0 ? false : skipOrFail(`${python} or IPC namespaces (unshare --ipc) are missing`);
}

/** The same for the programs that ours stand in for. */
export function skipWithoutUtilLinux(): string | false {
  if (releases.length === 0) return skipOrFail('there is no ipcs of util-linux 2.38 or newer here');
  return skipWithoutScenes();
}

/** The command with util-linux's program. */
export function theirs({ line, ...circumstances }: Command, { command }: Release): RunnableCommand {
  const [program, ...words] = line;
  return { argv: [...command(program), ...words], ...withPlainLocale(circumstances) };
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
  // Where no POSIX object can be had, a scene is played without.
  const command = [python, player].map(quoted).join(' ');
  const options = everyUser ? ['--mount'] : ['--map-root-user', '--mount'];
  const words = ['unshare', ...options, 'sh', '-c', `{ ${ownPosixPlaces}; } 2>/dev/null; exec ${command}`];
  const [first = '', ...rest] = words;
  const { code, stdout, stderr } = await run(t, first, rest, {
    input: JSON.stringify(scenes),
    env: { AS_ROOT: everyUser ? '1' : '0' },
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

/** The ids of what is left of a kind. */
export function idsLeft({ left }: Outcome, kind: SystemVKind): number[] {
  return left[kind].map(([id]) => id);
}
