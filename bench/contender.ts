import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compiled } from './compile.js';

/** A contender: how to run its part of a case. */
export interface Contender {
  readonly name: string;
  /** Whether it starts its peer itself, and uses no queue. */
  readonly alone?: boolean;
  /** The name of its baseline, if that is not the first contender of its case. */
  readonly baseline?: string;
  /** The command for a role, without the common arguments KEY COUNT BYTES. */
  command(role: string): string[];
  /** Why it can't run on this machine. */
  missing(): string | undefined;
}

const source = (name: string): string => fileURLToPath(new URL(`../programs/${name}`, import.meta.url));
const script = (name: string): string => fileURLToPath(new URL(`./programs/${name}`, import.meta.url));

const svmq = fileURLToPath(new URL('../svmq/program.js', import.meta.url));
const svmqModule = fileURLToPath(new URL('../svmq/node_modules/svmq', import.meta.url));

function probe(name: string, command: string, ...args: string[]): () => string | undefined {
  return () =>
    spawnSync(command, args, { stdio: 'ignore' }).status === 0 ? undefined : `${name} is not installed`;
}

/** The one that Debian's modules are for; what is on the PATH may be a script that looks for the right version first. */
export const python = '/usr/bin/python3';
/** For programs that use only Python's standard library, and for those that need sysv_ipc. */
export const pythonMissing = probe('python3', python, '-c', '0');
export const sysvIpcMissing = probe('python3-sysv-ipc', python, '-c', 'import sysv_ipc');

/** The baseline of all others. */
export function c(program: string): Contender {
  return {
    name: 'C',
    command: (role) => [compiled(program), role],
    missing: () => undefined,
  };
}

/** Timeq, in one of its forms. */
export function timeq(name: string, program: string, form: string): Contender {
  return {
    name: `Timeq ${name}`,
    command: (role) => [process.execPath, script(`${program}.js`), form, role],
    missing: () => undefined,
  };
}

/** A program that starts its peer itself. */
export function alone(name: string, program: string, form: string): Contender {
  return {
    name,
    alone: true,
    command: (work) => [process.execPath, script(`${program}.js`), form, work],
    missing: () => undefined,
  };
}

/** Other bindings: those in Debian, and the one on npm. */
export function peers(program: string): Contender[] {
  return [
    {
      name: 'PHP sysvmsg',
      command: (role) => ['php', source(`${program}.php`), role],
      missing: probe('php-cli', 'php', '-r', 'exit(extension_loaded("sysvmsg") ? 0 : 1);'),
    },
    {
      name: 'Python sysv_ipc',
      command: (role) => [python, source(`${program}.py`), role],
      missing: sysvIpcMissing,
    },
    {
      name: 'Perl IPC::Msg',
      command: (role) => ['perl', source(`${program}.pl`), role],
      missing: probe('perl', 'perl', '-MIPC::Msg', '-e', '1'),
    },
    {
      name: 'Node.js svmq',
      command: (role) => [process.execPath, svmq, role],
      missing: () => (existsSync(svmqModule) ? undefined : 'npm install --prefix bench/svmq'),
    },
  ];
}
