import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TestContext } from 'node:test';
import type { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { run, start, type Exit, type RunningProcess, type StartOptions } from './process.js';

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The script of one of the project's commands, to run with node. */
export function bin(command: 'time-server' | 'time-client' | 'ipctools' | 'timeq-bridge'): string {
  return `${root}packages/${command === 'timeq-bridge' ? 'bridge' : command}/bin/${command}.js`;
}

/** The quoted specifier with which a program's source imports a file. */
export function specifier(path: string): string {
  return JSON.stringify(pathToFileURL(path).href);
}

/** A compiled file beside the test: `fixture(import.meta.url, './fixtures/echo.js')`. */
export function fixture(testUrl: string, path: string): string {
  return fileURLToPath(new URL(path, testUrl));
}

/** Starts `node FILE ARGUMENTS...`; node's own options may come first. */
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
 * Starts JavaScript source (an ES module, which may import the project's packages by name) in a new process.
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

/** Starts such source with a handle on the object, as `queue`, `set` or `segment`; further arguments begin at process.argv[2]. */
export function startWith(
  t: TestContext,
  object: MessageQueue | SemaphoreSet | SharedMemory,
  source: string,
  ...further: ReadonlyArray<string | number>
): RunningProcess {
  const kind = object.constructor.name as keyof typeof HANDLES;
  const handle = `import { ${kind} } from '@timeq/mq-native';
    const ${HANDLES[kind]} = ${kind}.fromId(Number(process.argv[1]));`;
  return startSnippet(t, `${handle}\n${source}`, [object.id, ...further]);
}

const HANDLES = { MessageQueue: 'queue', SemaphoreSet: 'set', SharedMemory: 'segment' } as const;

/** Runs such source to its end. */
export async function runSnippet(
  t: TestContext,
  source: string,
  snippetArguments: ReadonlyArray<string | number> = [],
  options?: StartOptions,
): Promise<Exit> {
  return await runNode(t, snippetCommand(source, snippetArguments), { cwd: root, ...options });
}

/** The arguments with which node runs such source, for callers that start node themselves. */
export function snippetCommand(
  source: string,
  snippetArguments: ReadonlyArray<string | number> = [],
): string[] {
  return ['--input-type=module', '--eval', source, '--', ...snippetArguments.map(String)];
}
