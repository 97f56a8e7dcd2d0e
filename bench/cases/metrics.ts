import { fileURLToPath } from 'node:url';
import type { Case } from '../case.js';
import { runner, runnerCase } from '../figures.js';
import { outputOf } from '../processes.js';
import { usageMissing } from '../process-usage.js';
import { ipctools, tool, unshareMissing, runOnWholeTable, unshare } from './queue-table.js';

const program = fileURLToPath(new URL('../programs/scrapes.js', import.meta.url));

/** What metrics for Prometheus cost: once beside a list, and once a second. */
export const metrics: readonly Case[] = [
  {
    name: 'queue-table-metrics',
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
      name: 'queue-table-scrapes',
      title: 'One scrape of 1,000 queues a second: share of a core that ipctools metrics --listen uses',
      figure: 'percent',
      unit: '%',
      more: false,
      repetitions: 3,
      columns: { milliseconds: 'ms for a scrape', kilobytes: 'kB' },
    },
    [100, 1000].map((queues) =>
      runner(
        `${queues.toLocaleString('en-US')} queues`,
        (short) =>
          outputOf(['unshare', ...unshare, process.execPath, program, ipctools, queues, short ? 2 : 30]),
        { missing: () => usageMissing() ?? unshareMissing() },
      ),
    ),
  ),
];
