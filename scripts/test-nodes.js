// Runs the compiled tests and the faults on several versions of Node.js with the same addon.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ExpectedError } from '../packages/mq-native/scripts/expected-error.js';
import { nodeOf, versionOf } from './test-nodes/install.js';
import { runFaults, runSanitizers, runTests } from './test-nodes/run.js';
import { failuresOf, tableOf } from './test-nodes/table.js';

const root = resolve(import.meta.dirname, '..');
const addon = join(root, 'packages', 'mq-native', 'build', 'mq_native.node');
const versions = ['20', '22', '24', '26'];

const help = `Usage: npm run test:nodes -- [--node VERSION|FILE]... [--fault NAME]... [--sanitizers] [WORD...]

Runs on each Node.js, with one addon: all tests and the short forms of all faults; or with WORDs or --fault only the
tests whose path has one of the words, and those faults.

Options:
  --node VERSION|FILE  a version such as 24, which is taken from npm, or the node executable itself;
                       default: ${versions.join(', ')}
  --fault NAME         this fault (npm run test:faults -- --help lists them)
  --sanitizers         in addition those checks of the native code that run in Node.js (memory, address)
  -h, --help           show this help

The exit code is 0 if everything passed on every version, 1 if something failed, and 2 after a wrong option.`;

const options = {
  node: { type: 'string', multiple: true, default: versions },
  fault: { type: 'string', multiple: true, default: [] },
  sanitizers: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

function hashOfAddon() {
  if (!existsSync(addon))
    throw new ExpectedError('There is no addon to be tested: run "npm run build" first');
  return createHash('sha256').update(readFileSync(addon)).digest('hex');
}

function runOn(executable, { fault, sanitizers }, words) {
  const everything = words.length === 0 && fault.length === 0;
  return {
    ...(everything || words.length > 0 ? { tests: runTests(executable, words) } : {}),
    ...(everything || fault.length > 0 ? { faults: runFaults(executable, fault) } : {}),
    ...(sanitizers ? { sanitizers: runSanitizers(executable) } : {}),
  };
}

function runAll({ node, ...chosen }, words) {
  const before = hashOfAddon();
  // Install all first, so that a missing version is reported before the first has run for minutes.
  const executables = node.map((versionOrFile) => {
    const executable = nodeOf(versionOrFile);
    return { executable, version: versionOf(executable) };
  });
  const results = executables.map(({ executable, version }) => {
    console.log(`\n=== Node.js ${version}`);
    return { version, parts: runOn(executable, chosen, words) };
  });
  const changed = hashOfAddon() !== before;
  const lines = [...tableOf(results), ...failuresOf(results)];
  console.log(`\n${lines.join('\n')}`);
  console.log(
    `addon ${before.slice(0, 16)}${changed ? ' FAILED: it was built anew meanwhile' : ', the same for all'}`,
  );
  const passed = results.every(({ parts }) => Object.values(parts).every((part) => part.passed));
  if (changed || !passed) process.exitCode = 1;
}

function main() {
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    console.error(`${error.message.replace(/\. .*/s, '')}; --help lists the options`);
    process.exitCode = 2;
    return;
  }
  const { help: wanted, ...chosen } = parsed.values;
  if (wanted) console.log(help);
  else runAll(chosen, parsed.positionals);
}

try {
  main();
} catch (error) {
  if (!error.isExpected) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
