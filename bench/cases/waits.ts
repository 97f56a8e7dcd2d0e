import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { runner, runnerCase, type Runner } from '../figures.js';
import { outputOf } from '../processes.js';
import { usageMissing } from '../process-usage.js';

const COUNT = 1000;
const script = fileURLToPath(new URL('../programs/waits.js', import.meta.url));

function kind(name: string, word: string): Runner {
  return runner(
    name,
    (short) =>
      outputOf([process.execPath, '--expose-gc', script, word, short ? 50 : COUNT, short ? 20 : 6000]),
    { missing: usageMissing },
  );
}

/** The cost of many pending waits for their process. */
export const waits: readonly Case[] = [
  runnerCase(
    {
      name: 'waits',
      title: `Time of fs.readFile in a process with ${COUNT.toLocaleString('en-US')} pending waits`,
      figure: 'slower',
      unit: 'times as long',
      more: false,
      repetitions: 3,
      columns: {
        file: 'fs.readFile, µs',
        timer: 'setTimeout(1), ms',
        threads: 'threads',
        kib: 'KiB of memory per wait',
      },
    },
    [
      kind('no waits', 'none'),
      kind('Timeq, all for the same type', 'one-selection'),
      kind('Timeq, each for its own type', 'types'),
      kind('Timeq, each on its own queue', 'queues'),
    ],
  ),
];
