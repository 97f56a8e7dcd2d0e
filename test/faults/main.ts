// Injects all faults, or those named on the command line. Each is one test, followed by its figures.
import { randomInt } from 'node:crypto';
import test from 'node:test';
import { parseArgs } from 'node:util';
import { faults } from './faults.js';
import { Random } from './random.js';

const usage = `Usage: npm run test:faults -- [--seed N] [--long] [NAME...]

Makes things go wrong, and looks at what holds all the same.

Faults:
${faults.map(({ name, title }) => `  ${name.padEnd(16)} ${title}`).join('\n')}

Options:
  --seed N    what chance decides, decide as in the run that printed this seed
  --long      the long forms, whose figures docs/reliability-figures.md has
  -h, --help  show this help`;

function wrongUsage(what: string): void {
  console.error(`${what}; --help lists the options and the faults`);
  process.exitCode = 2;
}

function register(names: readonly string[], seed: number, long: boolean): void {
  console.log(`seed ${seed}`);
  for (const fault of faults) {
    if (names.length > 0 && !names.includes(fault.name)) continue;
    test(`${fault.name}: ${fault.title}`, { skip: fault.skip?.() ?? false }, async (t) => {
      // Its own random numbers, so that a fault does the same with or without others before it.
      const figures = await fault.run(t, { random: new Random(seed), long });
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
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.filter((name) => !faults.some((fault) => fault.name === name));
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  if (values.help) console.log(usage);
  else if (unknown.length > 0) wrongUsage(`there is no fault called ${unknown.join(' and ')}`);
  else if (!Number.isSafeInteger(seed)) wrongUsage('--seed takes a whole number');
  else register(positionals, seed, values.long);
}

try {
  main();
} catch (error) {
  if (!isWrongOption(error)) throw error;
  wrongUsage(error.message.replace(/\. .*/, ''));
}

function isWrongOption(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
