/**
 * Puts the figures of a run into the documentation: `npm run bench -- --json bench/results.json`, then
 * `node bench/dist/document.js`. The tables and charts of docs/performance.md and the table of
 * docs/which-mechanism.md come from bench/results.json and from nowhere else.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chart } from './chart.js';
import type { Machine } from './machine.js';
import { markdownTable, replaceBetween } from './markdown.js';
import type { Result, Row } from './measure.js';
import { figure } from './report.js';

interface Results {
  readonly machine: Machine;
  readonly repetitions: number;
  readonly results: readonly Result[];
}

const place = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { machine, repetitions, results } = JSON.parse(
  readFileSync(place('bench/results.json'), 'utf8'),
) as Results;

function performancePage(): void {
  mkdirSync(place('docs/performance'), { recursive: true });
  const sections = results.map((result) => {
    writeFileSync(place(`docs/performance/${result.name}.svg`), chart(result));
    return `### ${result.title}\n\n![${result.title}](performance/${result.name}.svg)\n\n${markdownTable(result)}`;
  });
  const about =
    `Measured on ${machine.date}: ${machine.cpu}, ${machine.cores} cores, ${machine.system}, Node.js ${machine.node}; ` +
    `medians of ${repetitions} repetitions.`;
  const path = place('docs/performance.md');
  const text = [about, ...sections].join('\n\n');
  const page = readFileSync(path, 'utf8');
  writeFileSync(path, replaceBetween(page, '<!-- figures: begin -->', '<!-- figures: end -->', text));
}

function find(name: string, contender: string): Row | undefined {
  return results.find((result) => result.name === name)?.rows.find((row) => row.contender === contender);
}

/** The mechanisms of the guide, and who stands for each. */
const MECHANISMS = [
  ['message queue', 'Timeq async', 'Timeq await send, for await'],
  ['message queue, blocking calls', 'Timeq sync', ''],
  ['shared memory, two semaphores', 'Timeq shared memory, semaphores', ''],
  ['pipe', 'Node pipe', 'Node pipe'],
  ['named pipe', 'Node fifo', 'Node fifo'],
  ['Unix socket', 'Node unix-socket', 'Node unix-socket'],
  ['TCP socket', 'Node tcp', 'Node tcp'],
  ['`fork` and `process.send`', 'Node fork-message', 'Node fork-message'],
  ['worker and `postMessage`', 'Node worker-message', 'Node worker-message'],
] as const;

function guide(): void {
  const lines = MECHANISMS.map(([mechanism, roundTrip, oneWay]) => {
    const megabytes = (find('plain-node-one-way-8k', oneWay)?.median ?? Number.NaN) * (8192 / 1e6);
    const values = [
      find('plain-node-round-trip', roundTrip)?.median,
      find('plain-node-one-way', oneWay)?.median,
      megabytes,
    ].map((value) => (value === undefined || Number.isNaN(value) ? '' : figure(value)));
    return `| ${[mechanism, ...values].join(' | ')} |`;
  });
  const heading = [
    '| mechanism | round trip, 32 bytes, µs | one way, 32 bytes, messages/s | one way, 8 KiB, MB/s |',
    '| --- | ---: | ---: | ---: |',
  ];
  const path = place('docs/which-mechanism.md');
  const page = readFileSync(path, 'utf8');
  const text = [...heading, ...lines].join('\n');
  writeFileSync(path, replaceBetween(page, '<!-- figures: begin -->', '<!-- figures: end -->', text));
}

performancePage();
guide();
