import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TestContext } from 'node:test';
import { run, start, type Exit, type RunningProcess, type StartOptions } from './process.js';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The file of one of the project's commands, to be run by node. */
export function bin(command: 'time-server' | 'time-client' | 'ipctools' | 'timeq-bridge'): string {
  return `${root}packages/${command === 'timeq-bridge' ? 'bridge' : command}/bin/${command}.js`;
}

/** What a program's text imports a file by, in quotes. */
export function specifier(path: string): string {
  return JSON.stringify(pathToFileURL(path).href);
}

/** A compiled file beside the test: `fixture(import.meta.url, './fixtures/echo.js')`. */
export function fixture(testUrl: string, path: string): string {
  return fileURLToPath(new URL(path, testUrl));
}

/** Starts `node FILE ARGUMENTS...`; options of node itself may come first. */
export function startNode(
  t: TestContext,
  nodeArguments: readonly string[],
  options?: StartOptions,
): RunningProcess {
  return start(t, process.execPath, nodeArguments, options);
}

/** Runs `node FILE ARGUMENTS...` to its end. */
export async function runNode(
  t: TestContext,
  nodeArguments: readonly string[],
  options?: StartOptions,
): Promise<Exit> {
  return await run(t, process.execPath, nodeArguments, options);
}

/**
 * Starts a piece of JavaScript (an ES module, which may import the project's packages by name) in a process of its own.
 * The arguments are at process.argv[1] and following.
 */
export function startSnippet(
  t: TestContext,
  source: string,
  snippetArguments: ReadonlyArray<string | number> = [],
  options?: StartOptions,
): RunningProcess {
  return startNode(t, snippetCommand(source, snippetArguments), { cwd: root, ...options });
}

/** Runs such a piece to its end. */
export async function runSnippet(
  t: TestContext,
  source: string,
  snippetArguments: ReadonlyArray<string | number> = [],
  options?: StartOptions,
): Promise<Exit> {
  return await runNode(t, snippetCommand(source, snippetArguments), { cwd: root, ...options });
}

/** The arguments of node that run such a piece, for those who start node in another way. */
export function snippetCommand(
  source: string,
  snippetArguments: ReadonlyArray<string | number> = [],
): string[] {
  return ['--input-type=module', '--eval', source, '--', ...snippetArguments.map(String)];
}
