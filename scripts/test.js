// Runs the compiled tests: "npm test" all of them, "npm test -- time-server stop" those whose path has one of the words.
// Options of node's own runner go on to it: "npm test -- --test-name-pattern=empty mq-native".
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const test = join(root, 'test');
const compiled = join(test, 'dist');

// The last resort: the helpers' deadlines or scripts/test-deadline.js end a hanging test sooner.
const timeoutMilliseconds = 900_000;
// Node.js 20 opens all modules that a test file imports at once.
const neededFiles = 128;
// Test files mostly wait: for processes, for answers, for time limits.
const concurrency = 2 * availableParallelism();

const words = process.argv.slice(2).filter((word) => !word.startsWith('--test-'));
const options = process.argv.slice(2).filter((word) => word.startsWith('--test-'));
if (!options.some((option) => option.startsWith('--test-reporter='))) options.push('--test-reporter=spec');
const files = testFiles().filter((file) => words.length === 0 || words.some((word) => file.includes(word)));

if (files.length === 0) {
  const those = words.length === 0 ? '' : ` whose path has "${words.join('" or "')}"`;
  console.error(`No test ran: there is no test file${those}`);
  process.exitCode = 1;
} else if (allowedFiles() < neededFiles) {
  console.error(
    `No test ran: a test needs ${neededFiles} open files, and the limit is ${allowedFiles()}; raise it with "ulimit -n 1024"`,
  );
  process.exitCode = 1;
} else {
  run(files);
}

/** Infinity for no limit. */
function allowedFiles() {
  const limit = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }));
  return Number.isNaN(limit) ? Infinity : limit;
}

function testFiles() {
  if (!existsSync(compiled)) return [];
  return readdirSync(compiled, { recursive: true })
    .filter((file) => file.endsWith('.test.js'))
    .filter((file) => existsSync(join(test, file.replace(/\.js$/, '.ts'))))
    .toSorted();
}

function run(chosen) {
  // Node.js 20 reads these certificates at each start, which costs more than the rest of the start, and no test asks
  // a server that needs them.
  const { NODE_EXTRA_CA_CERTS: _certificates, ...environment } = process.env;
  const runner = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      `--import=${new URL('test-deadline.js', import.meta.url).href}`,
      '--test',
      `--test-concurrency=${concurrency}`,
      `--test-timeout=${timeoutMilliseconds}`,
      ...options,
      ...chosen.map((file) => relative(root, join(compiled, file))),
    ],
    { cwd: root, env: environment, stdio: 'inherit' },
  );
  // The terminal sends Ctrl-C to the runner as well, which then reports what was running.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => runner.kill('SIGTERM'));
  runner.on('error', (error) => {
    console.error(`The tests could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  runner.on('exit', (code, signal) => {
    if (signal) console.error(`The test runner was ended by ${signal}`);
    process.exitCode = code ?? 1;
  });
}
