import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { runner, runnerCase, type Runner } from '../figures.js';
import { outputOf } from '../processes.js';
import { usageMissing } from '../process-usage.js';
import { ipctools, tool, unshareMissing, runOnWholeTable, unshare } from './queue-table.js';

const program = (name: string): string => fileURLToPath(new URL(`../programs/${name}.js`, import.meta.url));

/** A program of this case in an IPC namespace of its own, with that many queues. */
function inNamespace(
  name: string,
  words: readonly string[],
  queues: number,
  seconds: number,
  missing: () => string | undefined = () => undefined,
): Runner {
  return runner(
    `${queues.toLocaleString('en-US')} queues`,
    (short) =>
      outputOf([
        ...['unshare', ...unshare, process.execPath, program(name), ...words],
        ...(short ? [Math.min(queues, 1000), 2] : [queues, seconds]),
      ]),
    { missing: () => usageMissing() ?? unshareMissing() ?? missing() },
  );
}

const chromium = spawnSync('sh', ['-c', 'command -v chromium || command -v google-chrome'], {
  encoding: 'utf8',
}).stdout.trim();

/** What it costs to watch queues: metrics once beside a list, and once a second; the page in a browser. */
export const monitoring: readonly Case[] = [
  {
    name: 'monitoring-table',
    title: 'Metrics of 32,000 queues beside a list of them: time',
    figure: 'milliseconds',
    unit: 'ms',
    more: false,
    columns: { megabytes: 'MB' },
    contenders: [tool('list', '--json'), tool('metrics')],
    run: runOnWholeTable,
  },
  runnerCase(
    {
      name: 'monitoring-scrapes',
      title: 'One scrape a second: share of a core that ipctools metrics --listen uses',
      figure: 'percent',
      unit: '%',
      more: false,
      repetitions: 3,
      columns: { milliseconds: 'ms for a scrape', kilobytes: 'kB' },
    },
    [inNamespace('scrapes', [ipctools], 1000, 15)],
  ),
  runnerCase(
    {
      name: 'monitoring-watch',
      title: 'ipctools watch on a terminal, drawn once a second: share of a core',
      figure: 'percent',
      unit: '%',
      more: false,
      repetitions: 3,
      columns: { kilobytes: 'kB drawn in a second' },
    },
    [
      inNamespace('drawn', [ipctools], 1000, 30, () =>
        spawnSync('script', ['--version'], { stdio: 'ignore' }).status === 0
          ? undefined
          : 'script(1) is not installed',
      ),
    ],
  ),
  runnerCase(
    {
      name: 'monitoring-page',
      title: 'The page of ipctools serve: CPU time of the longest task in the browser',
      figure: 'task',
      unit: 'ms',
      more: false,
      repetitions: 3,
      columns: {
        wall: 'ms, longest',
        percent: '% of a core, server',
        first: 'ms until the first row',
        kilobytes: 'kB in all',
      },
    },
    [1000, 32_000].map((queues) =>
      inNamespace('page', [ipctools, chromium], queues, 8, () =>
        chromium === '' ? 'Chromium is not installed' : undefined,
      ),
    ),
  ),
];
