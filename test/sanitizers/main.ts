// Runs all checks of the native code, or those named on the command line; --long runs their long form.
import { parseArgs } from 'node:util';
import { runProgram, WrongUsage } from '../helpers/program.js';
import { Finding, type Check } from './check.js';
import { checks } from './checks.js';
import { missing } from './tools.js';

const usage = `Usage: npm run test:sanitizers -- [--long] [NAME...]

Checks the addon's C: ${checks.map(({ name }) => name).join(', ')}.

Options:
  --long      the long forms, whose figures docs/reliability-figures.md has
  -h, --help  show this help`;

async function pass(check: Check, long: boolean): Promise<boolean> {
  const absent = missing(check.needs);
  if (absent.length > 0) {
    const how = absent.map(({ debianPackage }) => debianPackage).join(' ');
    const fails = process.env['CI'] !== undefined;
    console.log(`${fails ? 'FAILED ' : 'skipped'}  ${check.name}: not installed here: apt install ${how}`);
    return !fails;
  }
  const start = performance.now();
  const seconds = (): string => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const figures = await check.run(long);
    console.log(`passed   ${check.name}: ${check.title} (${figures}; ${seconds()})`);
    return true;
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    console.log(`FAILED   ${check.name}: ${check.title}: ${error.message} (${seconds()})`);
    return false;
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      long: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.filter((name) => !checks.some((check) => check.name === name));
  if (unknown.length > 0) throw new WrongUsage(`there is no check called ${unknown.join(' and ')}`);
  if (values.help) console.log(usage);
  else {
    const chosen = checks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
    for (const check of chosen) if (!(await pass(check, values.long))) process.exitCode = 1;
  }
}

await runProgram('checks', main);
