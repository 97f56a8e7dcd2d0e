// Injects all faults, or those named on the command line. Each is one test, followed by its figures.
import { randomInt } from 'node:crypto';
import test from 'node:test';
import { parseArgs } from 'node:util';
import { runProgram, WrongUsage } from '../helpers/program.js';
import { faults } from './faults.js';
import { Random } from './random.js';

const usage = `Usage: npm run test:faults -- [--seed N] [--long] [--minutes N] [NAME...]

Makes things go wrong, and looks at what holds all the same.

Faults:
${faults.map(({ name, title }) => `  ${name.padEnd(16)} ${title}`).join('\n')}

Options:
  --seed N    what chance decides, decide as in the run that printed this seed
  --long      the long forms, whose figures docs/reliability-figures.md has
  --minutes N ends the kills of bridges after so long with each NATS server; the figures of several runs add up
  -h, --help  show this help`;

function register(names: readonly string[], how: { seed: number; long: boolean; longest: number }): void {
  const { seed, long, longest } = how;
  console.log(`seed ${seed}`);
  for (const fault of faults) {
    if (names.length > 0 && !names.includes(fault.name)) continue;
    test(`${fault.name}: ${fault.title}`, { skip: fault.skip?.() ?? false }, async (t) => {
      // Its own random numbers, so that a fault does the same with or without others before it.
      const figures = await fault.run(t, { random: new Random(seed), long, longest });
      t.diagnostic(`${fault.name}: ${figures}`);
    });
  }
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      long: { type: 'boolean', default: false },
      minutes: { type: 'string', default: 'Infinity' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.filter((name) => !faults.some((fault) => fault.name === name));
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  if (unknown.length > 0) throw new WrongUsage(`there is no fault called ${unknown.join(' and ')}`);
  if (!Number.isSafeInteger(seed)) throw new WrongUsage('--seed takes a whole number');
  const longest = Number(values.minutes) * 60_000;
  if (!(longest > 0)) throw new WrongUsage('--minutes takes a number above 0');
  if (values.help) console.log(usage);
  else register(positionals, { seed, long: values.long, longest });
}

await runProgram('faults', main);
