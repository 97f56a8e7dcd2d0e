import { readOptions } from '../getopt.js';
import { helpText, versionText } from '../help.js';
import { INT32_MAX, INT32_MIN, integerText } from '../integer-text.js';
import type { Output } from '../output.js';
import { Failure, runProgram, unparsable } from '../program.js';
import { QUEUES, SEGMENTS, SETS } from './kinds.js';
import type { TimeFormat } from './look.js';
import { OPTIONS, refuseBoth } from './options.js';
import type { Request } from './request.js';
import { showKind } from './show.js';
import { showSummary } from './summary.js';

/** What shows a kind, by the letter of its option. */
const SHOW: Readonly<Record<string, (request: Request, output: Output) => Promise<number>>> = {
  q: (request, output) => showKind(QUEUES, request, output),
  m: (request, output) => showKind(SEGMENTS, request, output),
  s: (request, output) => showKind(SETS, request, output),
  Q: async (request, output) => showKind((await import('./posix-kinds.js')).MQUEUES, request, output),
  M: async (request, output) => showKind((await import('./posix-kinds.js')).MEMORY, request, output),
  S: async (request, output) => showKind((await import('./posix-kinds.js')).SEMAPHORES, request, output),
};

/** lsipc(1): lists the objects of this IPC namespace, and POSIX objects. `argv` is what follows the program's name. */
export function run(argv: string[]): Promise<number> {
  return runProgram('lsipc', argv, list);
}

async function list(argv: string[], output: Output): Promise<number> {
  const given = new Set<string>();
  let wanted: string | undefined;
  let columns: string | undefined;
  let times: TimeFormat | undefined;
  for (const { option, argument = '' } of readOptions(argv, OPTIONS)) {
    refuseBoth(option, given);
    given.add(option);
    if (option === 'i') wanted = String(readId(argument));
    else if (option === 'N') wanted = argument;
    else if (option === 'o') columns = argument;
    else if (option === 'time-format') times = readTimeFormat(argument);
    else if (option === 'h') {
      const { HELP } = await import('./help.js');
      output.write(helpText(output.program, HELP));
      return 0;
    } else if (option === 'V') {
      output.write(versionText(output.program));
      return 0;
    }
  }
  const request: Request = { given, wanted, columns, times };
  const kind = Object.keys(SHOW).find((letter) => given.has(letter));
  if (kind === undefined || given.has('g')) return showSummary(request, output);
  return (await SHOW[kind]?.(request, output)) ?? 0;
}

function readId(text: string): number {
  const id = integerText(text, 10);
  if (id === undefined) throw unparsable('failed to parse IPC identifier', text);
  if (id < INT32_MIN || id > INT32_MAX) throw unparsable('failed to parse IPC identifier', text, 'ERANGE');
  return Number(id);
}

function readTimeFormat(text: string): TimeFormat {
  if (text === 'short' || text === 'full' || text === 'iso') return text;
  throw new Failure(`unknown time format: ${text}`);
}
