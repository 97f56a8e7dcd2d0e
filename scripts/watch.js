// "npm run test:watch -- WORD...": builds, runs the tests whose path contains one of the words, and repeats this when a
// source file is saved. Ctrl-C ends it.
import { spawn } from 'node:child_process';
import { readdirSync, watch } from 'node:fs';
import { join, resolve, sep } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const words = process.argv.slice(2);
const sources = /\.(ts|js|c|h|md)$/;
const made = new RegExp(`(^|\\${sep})(dist|build|node_modules)\\${sep}`);
// Editors write a file in several steps.
const settleMilliseconds = 200;

if (words.length === 0) {
  console.error('test:watch: name the tests to run, such as: npm run test:watch -- time-protocol/reply');
  process.exit(2);
}

let running = false;
let changed = false;
let settling;

function step(...script) {
  return new Promise((done) => {
    spawn(process.execPath, script, { cwd: root, stdio: 'inherit' }).on('exit', done);
  });
}

async function run() {
  running = true;
  do {
    changed = false;
    const code = await step('scripts/setup.js');
    if (code === 0) await step('scripts/test.js', ...words);
  } while (changed);
  running = false;
  console.log('Waiting for a change ...');
}

function notice(_, file) {
  if (file === null || made.test(`${file}`) || !sources.test(file)) return;
  changed = true;
  clearTimeout(settling);
  settling = setTimeout(() => {
    if (!running) void run();
  }, settleMilliseconds);
}

const packages = readdirSync(join(root, 'packages')).flatMap((name) =>
  ['src', 'native'].map((folder) => join('packages', name, folder)),
);
for (const folder of [...packages, 'test', 'docs', 'examples']) {
  try {
    watch(join(root, folder), { recursive: true }, notice);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
void run();
