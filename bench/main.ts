/** `npm run bench [-- NAME... --short --repetitions N --json FILE --compare FILE]` */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { alarms } from './cases/alarms.js';
import { bridges } from './cases/bridge.js';
import { crowds } from './cases/crowd.js';
import { littleToDo } from './cases/little-to-do.js';
import { monitoring } from './cases/monitoring.js';
import { natsCases } from './cases/nats.js';
import { oneWays } from './cases/one-way.js';
import { plainNode } from './cases/plain-node.js';
import { queueTables } from './cases/queue-table.js';
import { pools } from './cases/pool.js';
import { roundTrips } from './cases/round-trip.js';
import { scales } from './cases/scale.js';
import { steady } from './cases/steady.js';
import { startUps } from './cases/start-up.js';
import { timeServers } from './cases/time-server.js';
import { waits } from './cases/waits.js';
import type { Case } from './case.js';
import { comparison } from './compare.js';
import { removeWhenInterrupted } from './leftovers.js';
import { describeMachine } from './machine.js';
import { measure, type Result } from './measure.js';
import { table } from './report.js';

const cases: readonly Case[] = [
  ...roundTrips,
  ...oneWays,
  ...timeServers,
  ...natsCases,
  ...bridges,
  ...plainNode,
  ...queueTables,
  ...monitoring,
  ...crowds,
  ...pools,
  ...waits,
  ...littleToDo,
  ...alarms,
  ...steady,
  ...scales,
  ...startUps,
];

const usage = `Usage: npm run bench -- [--short] [--repetitions N] [--json FILE] [--compare FILE] [NAME...]

Runs all cases, or those that have one of the NAMEs in theirs: ${cases.map(({ name }) => name).join(', ')}

Options:
  --short          few messages, once: shows that each case runs, and no figure worth keeping
  --repetitions N  how often each contender runs; 5 by default
  --json FILE      writes the results, beside those that the file already has of other cases
  --compare FILE   tells what moved beyond the spread since the results of this file, such as bench/results.json`;

function readCommandLine() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        short: { type: 'boolean', default: false },
        repetitions: { type: 'string', default: '5' },
        json: { type: 'string' },
        compare: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    console.error(`bench: ${(error as Error).message.split('. ')[0]}; --help lists the options`);
    process.exit(2);
  }
}

const { values, positionals } = readCommandLine();
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const chosen = cases.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
);
const repetitions = values.short ? 1 : Number(values.repetitions);
if (chosen.length === 0 || !(Number.isInteger(repetitions) && repetitions > 0)) {
  console.error(
    chosen.length === 0
      ? `bench: no case has "${positionals.join(' ')}" in its name; there are: ${cases.map(({ name }) => name).join(', ')}`
      : 'bench: --repetitions takes a whole number from 1 on',
  );
  process.exit(2);
}

const before = values.compare === undefined ? undefined : resultsIn(values.compare);
removeWhenInterrupted();
// Node.js 20 reads these certificates at each start: start-up times would be those of the machine's settings.
delete process.env['NODE_EXTRA_CA_CERTS'];
const progress = process.stderr.isTTY
  ? (text: string): void => void process.stderr.write(`\r\x1b[K${text}`)
  : (): void => undefined;
const results: Result[] = [];
for (const each of chosen) {
  const result = await measure(each, repetitions, values.short, progress);
  progress('');
  results.push(result);
  console.log(`${table(result)}\n`);
}
if (before !== undefined) console.log(comparison(before, results));
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify(merged(values.json), null, 2)}\n`);
}

/** The results of a former run, before this one begins. */
function resultsIn(file: string): readonly Result[] {
  try {
    const { results: found } = JSON.parse(readFileSync(file, 'utf8')) as { results?: readonly Result[] };
    if (Array.isArray(found)) return found;
  } catch {
    // The sentence below says what such a file is.
  }
  console.error(`bench: "${file}" has no results to compare with; --json FILE writes such a file`);
  process.exit(2);
}

/** A file that has results keeps those of the cases that did not run, in the order of the cases; each new one names its own machine there. */
function merged(file: string): object {
  const machine = describeMachine();
  if (!existsSync(file)) return { machine, repetitions, results };
  const former = JSON.parse(readFileSync(file, 'utf8')) as { results: readonly Result[] };
  const renewed = new Map(results.map((result) => [result.name, { ...result, machine }]));
  const all = [...former.results.filter(({ name }) => !renewed.has(name)), ...renewed.values()];
  const order = cases.map(({ name }) => name);
  return { ...former, results: all.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name)) };
}
