import { spawn, spawnSync } from 'node:child_process';
import { Finding, type Tool } from './check.js';

export const gcc: Tool = { command: 'gcc', debianPackage: 'gcc' };
export const clang: Tool = { command: 'clang', debianPackage: 'clang' };
export const valgrind: Tool = { command: 'valgrind', debianPackage: 'valgrind' };

/** The tools of a check that are not installed. */
export function missing(tools: readonly Tool[]): Tool[] {
  return tools.filter(({ command }) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status !== 0);
}

/** The path of one of a compiler's own libraries, such as libasan.so. */
export function compilerFile(compiler: Tool, name: string): string {
  const { stdout } = spawnSync(compiler.command, [`-print-file-name=${name}`], { encoding: 'utf8' });
  return stdout.trim();
}

/** The combined output of a command, in order. */
export interface Output {
  readonly code: number | null;
  readonly text: string;
}

/** Runs a command to its end, whatever its exit code. */
export async function capture(
  command: string,
  commandArguments: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd?: string,
): Promise<Output> {
  const child = spawn(command, commandArguments, { env: { ...process.env, ...env }, cwd });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  child.stdin.end();
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, text });
    });
  });
}

/** Runs a command to its end. Prints what it wrote and rejects if it failed. */
export async function succeed(
  what: string,
  command: string,
  commandArguments: readonly string[],
  env?: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<string> {
  const { code, text } = await capture(command, commandArguments, env, cwd);
  if (code === 0) return text;
  process.stdout.write(text);
  throw new Finding(`${what} failed with exit code ${code}`);
}
