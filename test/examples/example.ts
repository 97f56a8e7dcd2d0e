import type { TestContext } from 'node:test';
import { root, runNode, startNode } from '../helpers/node.js';
import { inOwnNamespace } from '../helpers/namespace.js';
import { start, type Exit, type RunningProcess, type StartOptions } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';

const runner = `${root}scripts/example.js`;

/** Starts what `npm run example WORDS` starts. */
export function startExample(
  t: TestContext,
  words: readonly string[],
  options?: StartOptions,
): RunningProcess {
  return startNode(t, [runner, ...words], options);
}

/** Runs it to its end. Its input is empty unless `input` is given. */
export async function runExample(
  t: TestContext,
  words: readonly string[],
  options?: StartOptions,
): Promise<Exit> {
  return await runNode(t, [runner, ...words], options);
}

/** What follows an example's own output in `startAlone`: how many queues, sets and segments are still there. */
export const nothingLeft = 'left behind: 0 0 0';

/** A process of the example may end a moment after the one that was started. One that stays is a hang of the test. */
const untilAlone = `lives() {
  for process in /proc/[0-9]*; do
    [ "$process/ns/ipc" -ef /proc/self/ns/ipc ] && [ "$process/exe" -ef ${quoted(process.execPath)} ] && return
  done
  return 1
}
while lives; do sleep 0.02; done`;

const count =
  'echo "left behind: $(for kind in msg sem shm; do echo $(($(wc -l </proc/sysvipc/$kind) - 1)); done | xargs)"';

/** Starts an example in an IPC namespace of its own, which tells at the end what the example left behind. */
export function startAlone(t: TestContext, words: readonly string[], options?: StartOptions): RunningProcess {
  const shell = `trap '' INT; "$@"; code=$?; ${untilAlone}; ${count}; exit $code`;
  const command = ['sh', '-c', shell, 'sh', process.execPath, runner, ...words];
  return start(t, ...split(command), options);
}

/** The same on a terminal, where the input '\x03' is Ctrl-C, for the example and all its processes. */
export function startOnTerminal(t: TestContext, words: readonly string[]): RunningProcess {
  const example = [process.execPath, runner, ...words].map(quoted).join(' ');
  const shell = `script --quiet --return --flush --command "$1" /dev/null; code=$?; ${untilAlone}; ${count}; exit $code`;
  return start(t, ...split(['sh', '-c', shell, 'sh', example]));
}

function split([command = '', ...rest]: string[]): [string, string[]] {
  return inOwnNamespace(command, rest);
}
