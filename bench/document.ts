/**
 * Updates the figures in the documentation: `npm run bench -- --json bench/results.json`, then
 * `node bench/dist/document.js`. The tables and charts of docs/benchmarks/, the table of docs/performance.md and
 * that of docs/which-mechanism.md are made from bench/results.json. --check fails if they are out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chart } from './chart.js';
import type { Machine } from './machine.js';
import { markdownTable, replaceBetween } from './markdown.js';
import type { Result, Row } from './measure.js';
import { figure } from './report.js';
import { summary } from './summary.js';

interface Results {
  readonly machine: Machine;
  readonly repetitions: number;
  readonly results: readonly Result[];
}

const place = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { machine, repetitions, results } = JSON.parse(
  readFileSync(place('bench/results.json'), 'utf8'),
) as Results;

const BEGIN = '<!-- figures: begin -->';
const END = '<!-- figures: end -->';
const NOT_MEASURED = 'Not measured on the recorded machine yet.';

function measuredOn({ date, cpu, cores, system, node }: Machine, times: number): string {
  const medians = times === 1 ? 'one run of each' : `medians of ${times} repetitions`;
  return `Measured on ${date}: ${cpu}, ${cores} cores, ${system}, Node.js ${node}; ${medians}.`;
}

const about = measuredOn(machine, repetitions);

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

/** Whatever the formatter changes in a table. */
const plain = (text: string): string => text.replace(/ +/g, ' ').replace(/-+/g, '-');

function write(file: string, text: string): void {
  const path = place(file);
  if (!options.check) {
    writeFileSync(path, text);
  } else if (plain(readFileSync(path, 'utf8')) !== plain(text)) {
    console.error(`${file} is not what bench/results.json says; run "node bench/dist/document.js"`);
    process.exitCode = 1;
  }
}

function fill(page: string, text: string): void {
  write(page, replaceBetween(readFileSync(place(page), 'utf8'), BEGIN, END, text));
}

/** The pages of docs/benchmarks/, and the prefixes of their results' names. */
const PAGES: Readonly<Record<string, RegExp>> = {
  messages: /^(round-trip|one-way)-/,
  'time-server': /^(time-server|scale|nats)-/,
  bridge: /^bridge-/,
  'plain-node': /^plain-node-/,
  pools: /^pool-/,
  resources: /^(crowd-.+|waits|idle|hundred-a-second|alarms|steady)$/,
  commands: /^(queue-table|start-up)-/,
  monitoring: /^monitoring-/,
};

function benchmarks(): void {
  const homeless = results.filter(({ name }) => !Object.values(PAGES).some((names) => names.test(name)));
  if (homeless.length > 0) throw new Error(`no page has ${homeless.map(({ name }) => name).join(', ')}`);
  for (const [page, names] of Object.entries(PAGES)) {
    const here = results.filter(({ name }) => names.test(name));
    const sections = here.map((result) => {
      write(`docs/benchmarks/${result.name}.svg`, chart(result));
      const own =
        result.machine === undefined
          ? ''
          : `${measuredOn(result.machine, result.repetitions ?? repetitions)}\n\n`;
      return `## ${result.title}\n\n${own}![${result.title}](${result.name}.svg)\n\n${markdownTable(result)}`;
    });
    if (sections.length === 0) sections.push(NOT_MEASURED);
    else if (here.some((result) => result.machine === undefined)) sections.unshift(about);
    fill(`docs/benchmarks/${page}.md`, sections.join('\n\n'));
  }
}

function find(name: string, contender: string): Row | undefined {
  return results.find((result) => result.name === name)?.rows.find((row) => row.contender === contender);
}

/** The mechanisms of the guide, and the contender that represents each. */
const MECHANISMS = [
  ['message queue', 'Timeq await', 'Timeq await send, for await'],
  ['message queue, blocking calls', 'Timeq sendSync, receiveSync', ''],
  ['shared memory, two semaphores', 'Timeq shared memory, semaphores', ''],
  ['pipe', 'Node.js pipe', 'Node.js pipe'],
  ['named pipe', 'Node.js named pipe', 'Node.js named pipe'],
  ['Unix socket', 'Node.js Unix socket', 'Node.js Unix socket'],
  ['TCP socket', 'Node.js TCP socket', 'Node.js TCP socket'],
  ['`fork` and `process.send`', 'Node.js process.send', 'Node.js process.send'],
  ['worker and `postMessage`', 'Node.js postMessage', 'Node.js postMessage'],
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
  fill('docs/which-mechanism.md', [...heading, ...lines].join('\n'));
}

benchmarks();
fill('docs/performance.md', `${summary(results)}\n\n${about}`);
guide();
