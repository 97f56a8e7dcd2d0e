// Tries the binding in bundlers, test runners and other JavaScript engines, all from npm; prints the table of
// docs/works-with.md.
import { spawnSync } from 'node:child_process';
import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ExpectedError } from '../packages/mq-native/scripts/expected-error.js';
import { allCases } from './test-hosts/cases.js';
import { printed } from './test-hosts/programs.js';
import { installHosts, makeProject, project } from './test-hosts/scratch.js';

const help = `Usage: npm run test:hosts -- [WORD...]

Installs bundlers, test runners, Bun and Deno into a folder of its own, builds and runs a small program with each, and
prints how it went; with WORDs only those whose line has one of the words.

The exit code is 0 if everything went as expected, 1 if not, and 2 after a wrong option.`;

const minutes = 5;
const modules = join(project, 'node_modules');
const hidden = join(project, 'hidden');

function run(command, words, env) {
  const { status, stdout, stderr, error, signal } = spawnSync(command, words, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
    timeout: minutes * 60_000,
  });
  return { passed: status === 0, output: `${error?.message ?? signal ?? ''}${stdout}${stderr}` };
}

/** Runs a bundle as on another machine: in another folder, and without the binding where it was when it was bundled. */
function runElsewhere({ from, to }) {
  cpSync(from, to, { recursive: true });
  renameSync(modules, hidden);
  try {
    return run(process.execPath, [to]);
  } finally {
    renameSync(hidden, modules);
  }
}

/** Runs the steps of a case. @returns 'works', or the output of the step that failed */
function outcomeOf({ steps, env }) {
  let output = '';
  for (const step of steps()) {
    const result = Array.isArray(step) ? run(step[0], step.slice(1), env) : runElsewhere(step);
    if (!result.passed) return result.output;
    ({ output } = result);
  }
  // Test runners differ in their output, so only the exit code counts.
  return output.endsWith(printed) || /1 passed/.test(output) ? 'works' : `printed ${output}`;
}

function runAll(words) {
  installHosts();
  makeProject();
  const cases = allCases().filter(
    ({ host, what }) =>
      words.length === 0 ||
      words.some((word) => `${host} ${what}`.toLowerCase().includes(word.toLowerCase())),
  );
  if (cases.length === 0)
    throw new ExpectedError(`There is no case with "${words.join('" or "')}" in its line`);
  console.log('| host | how | |\n| --- | --- | --- |');
  for (const each of cases) {
    const outcome = outcomeOf(each);
    const good = outcome === each.expected || (each.expected !== 'works' && outcome.includes(each.expected));
    console.log(`| ${each.host} | ${each.what} | ${good ? each.expected : 'FAILED'} |`);
    if (!good) {
      process.exitCode = 1;
      console.error(`expected: ${each.expected}\n${outcome}`);
    }
  }
}

try {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  });
  if (values.help) console.log(help);
  else runAll(positionals);
} catch (error) {
  if (!error.isExpected && error.code?.startsWith('ERR_PARSE_ARGS') !== true) throw error;
  console.error(
    error.isExpected ? error.message : `${error.message.replace(/\. .*/s, '')}; --help says more`,
  );
  process.exitCode = error.isExpected ? 1 : 2;
}
