// Runs the compiled tests on several versions of Node.js against one and the same addon: "npm run test:nodes" all of
// them, "npm run test:nodes -- --node 24 mq-native" on one, those whose path has the word.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ExpectedError } from '../packages/mq-native/scripts/expected-error.js';

const root = resolve(import.meta.dirname, '..');
const addon = join(root, 'packages', 'mq-native', 'build', 'mq_native.node');
const versions = ['20', '22', '24', '26'];

const help = `Usage: node scripts/test-nodes.js [--node VERSION|FILE]... [WORD...]

Runs the tests whose path has one of the words (all without any) on each Node.js, from npm.

Options:
  --node VERSION|FILE  a version such as 24, or the node executable itself; default: ${versions.join(', ')}
  -h, --help           show this help`;

/** The executable of a version, installed from npm outside the checkout the first time. */
function nodeOf(version) {
  if (existsSync(version)) return resolve(version);
  // What npm's package "node" would fetch with a script of its own.
  const name = `node-${process.platform}-${process.arch}`;
  const home = join(tmpdir(), `timeq-nodes-${process.getuid?.() ?? 0}`, version);
  const executable = join(home, 'node_modules', name, 'bin', 'node');
  if (existsSync(executable)) return executable;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  console.log(`Installing Node.js ${version} into ${home} ...`);
  const npm = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${name}@${version}`],
    {
      cwd: home,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (npm.status !== 0 || !existsSync(executable)) {
    throw new ExpectedError(`${name}@${version} was not installed: give the path of a node with --node FILE`);
  }
  return executable;
}

function hashOfAddon() {
  return createHash('sha256').update(readFileSync(addon)).digest('hex');
}

function runTests(executable, words) {
  // What a test starts by a shebang line has to be run by the same Node.js.
  const env = { ...process.env, PATH: `${dirname(executable)}${delimiter}${process.env.PATH ?? ''}` };
  const { status, signal } = spawnSync(executable, [join(root, 'scripts', 'test.js'), ...words], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  return status === 0 ? 'passed' : `failed (${signal ?? `exit code ${status}`})`;
}

function main() {
  const { values, positionals } = parseArgs({
    options: { node: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const before = hashOfAddon();
  const results = (values.node ?? versions).map((version) => {
    const executable = nodeOf(version);
    const name = spawnSync(executable, ['--version'], { encoding: 'utf8' }).stdout.trim();
    console.log(`\n=== Node.js ${name}`);
    return { name, outcome: runTests(executable, positionals) };
  });
  if (hashOfAddon() !== before)
    results.push({ name: 'addon', outcome: 'failed (it was built anew meanwhile)' });
  console.log(`\naddon ${before.slice(0, 16)}`);
  for (const { name, outcome } of results) console.log(`${name}: ${outcome}`);
  if (results.some(({ outcome }) => outcome !== 'passed')) process.exitCode = 1;
}

try {
  main();
} catch (error) {
  if (!error.isExpected) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
