import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { compiled, compiledLibrary } from '../compile.js';
import { runner, runnerCase, type Figures, type Runner } from '../figures.js';
import { ifInterrupted, newQueue } from '../leftovers.js';
import { outputOf, startProgram } from '../processes.js';

/** How many messages to count allocations for. */
const COUNTED = 100_000;

const script = fileURLToPath(new URL('../programs/steady.js', import.meta.url));

/** Calls a function with a queue and a process that confirms each message of type 1. */
async function withQueue(form: string, measure: (key: number) => Promise<Figures>): Promise<Figures> {
  const { key, queue } = newQueue();
  const peer = form === 'wait' ? startProgram([compiled('crowd'), 'consume', key]) : undefined;
  try {
    return await measure(key);
  } finally {
    queue.remove();
    await peer?.ended();
  }
}

/** The allocations of a run, by the addon and in total. */
async function allocations(command: (string | number)[]): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'timeq-allocations-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true });
  };
  ifInterrupted(remove);
  const path = join(folder, 'count.json');
  try {
    const library = compiledLibrary('allocations');
    // The file name only: the loader splits LD_PRELOAD at spaces, and the path may contain one (ld.so(8)).
    const preload = `LD_PRELOAD=./${basename(library)}`;
    await outputOf(['env', preload, `ALLOCATIONS=${path}`, ...command], dirname(library));
    const counts = JSON.parse(readFileSync(path, 'utf8')) as Figures;
    // Every start allocates, so a count of 0 means that the calls are not intercepted.
    if (counts['addon'] === 0) throw new Error('not one allocation of the addon was counted');
    return counts;
  } finally {
    remove();
  }
}

function kind(name: string, word: string, count: number): Runner {
  const run = (short: boolean): Promise<Figures> =>
    withQueue(word, async (key) => {
      const command = (messages: number): (string | number)[] => [
        process.execPath,
        '--expose-gc',
        script,
        word,
        messages,
        key,
      ];
      const figures = await outputOf(command(short ? count / 1000 : count));
      // Both counts include the start and the warm-up.
      const counted = short ? COUNTED / 100 : COUNTED;
      const less = await allocations(command(counted));
      const more = await allocations(command(2 * counted));
      const between = (who: string): number => (more[who] ?? Number.NaN) - (less[who] ?? Number.NaN);
      return { ...figures, addon: between('addon'), all: between('all') };
    });
  return runner(name, run, { missing: glibcMissing });
}

function glibcMissing(): string | undefined {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined ? 'the C library is not glibc' : undefined;
}

/** Whether memory or allocations grow with the number of messages. */
export const steady: readonly Case[] = [
  runnerCase(
    {
      name: 'steady',
      title: 'Growth of resident memory over ten million messages: second half to first half',
      figure: 'growth',
      unit: 'times',
      more: false,
      repetitions: 1,
      columns: {
        megabytes: 'MB',
        addon: `allocations by the addon in ${COUNTED.toLocaleString('en-US')} messages`,
        all: 'by the whole process',
        perSecond: 'messages/s',
      },
    },
    [
      kind('Timeq, trySend and tryReceive', 'try', 10_000_000),
      kind('Timeq, trySend and receiveBatch', 'batch', 10_000_000),
      kind('Timeq, await send and await receive', 'async', 10_000_000),
      kind('Timeq, 500,000 waits in a thread', 'wait', 500_000),
    ],
  ),
];
