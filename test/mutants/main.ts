// Applies mutations to the modules that guard a promise, one at a time, and checks that the tests catch them.
import { parseArgs } from 'node:util';
import { root } from '../helpers/node.js';
import { runProgram, WrongUsage } from '../helpers/program.js';
import { checkMutations, NoStart } from './check-mutations.js';
import { modules } from './modules.js';
import { tasksOf, WANTED_SHARE } from './mutation.js';
import { complaints, describe, summary, type Outcome } from './outcome.js';
import { parsePart, takePart } from './part.js';

const usage = `Usage: npm run test:mutants -- [--part K/N] [--list] [MODULE...]

Makes small mistakes in a copy of the checkout, one at a time, and runs the tests that should notice. Each module must
catch ${100 * WANTED_SHARE} %, and a mistake that no test notices needs a reason. A test that hangs has not noticed.

Modules:
${modules.map(({ name, mutations }) => `  ${name.padEnd(12)} ${mutations.length} mistakes`).join('\n')}

Options:
  --part K/N  the Kth of N parts of all mistakes
  --list      show the mistakes and make none
  -h, --help  show this help`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      part: { type: 'string', default: '1/1' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const unknown = positionals.filter((word) => !modules.some(({ name }) => name === word));
  const part = parsePart(values.part);
  const chosen = modules.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (unknown.length > 0) throw new WrongUsage(`there is no module called ${unknown.join(' and ')}`);
  if (part === undefined) throw new WrongUsage('--part takes two numbers such as 3/10');
  if (values.help) console.log(usage);
  else {
    const tasks = takePart(tasksOf(chosen), part);
    if (values.list) for (const { module, file, what } of tasks) console.log(`${module}: ${file}: ${what}`);
    else {
      const outcomes: Outcome[] = [];
      for await (const outcome of checkMutations(root, tasks)) {
        console.log(describe(outcome));
        outcomes.push(outcome);
      }
      console.log(`\n${summary(outcomes).join('\n')}`);
      const wrong = complaints(outcomes, chosen);
      if (wrong.length > 0) fail(wrong);
    }
  }
}

function fail(lines: readonly string[]): void {
  console.error(`\n${lines.join('\n')}`);
  process.exitCode = 1;
}

for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  // process.exit deletes the copy.
  process.once(signal, () => process.exit(128 + number));
}
try {
  await runProgram('modules', main);
} catch (error) {
  if (error instanceof NoStart) fail([error.message]);
  else throw error;
}
