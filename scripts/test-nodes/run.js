// Runs one part on a version of Node.js, and returns its results.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const counts = join(import.meta.dirname, 'counts.js');

/** Only a hang takes this long. */
const timeout = 2 * 3_600_000;

/** The options of node:test for readable output and for the counts. */
function reporting(file) {
  return [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${counts}`,
    `--test-reporter-destination=${file}`,
  ];
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param commandLine returns the arguments of the executable for a report file */
function run(executable, commandLine) {
  const folder = mkdtempSync(join(tmpdir(), 'timeq-nodes-report-'));
  const file = join(folder, 'report.json');
  const start = performance.now();
  try {
    const { status, signal, error } = spawnSync(executable, commandLine(file), {
      cwd: root,
      // Scripts that tests start by their shebang line must run on the same Node.js.
      env: { ...process.env, PATH: `${dirname(executable)}${delimiter}${process.env.PATH ?? ''}` },
      stdio: 'inherit',
      timeout,
    });
    const how = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
    const report = readReport(file);
    return { passed: status === 0, how, report, seconds: (performance.now() - start) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The tests whose path contains one of the words. */
export function runTests(executable, words) {
  return run(executable, (file) => [join('scripts', 'test.js'), ...reporting(file), ...words]);
}

/** The short forms of the faults with these names, or of all. */
export function runFaults(executable, names) {
  const main = join('test', 'dist', 'faults', 'main.js');
  return run(executable, (file) => ['--enable-source-maps', ...reporting(file), main, ...names]);
}

/** The short forms of those checks of the native code that run in Node.js. */
export function runSanitizers(executable) {
  const main = join('test', 'dist', 'sanitizers', 'main.js');
  return run(executable, () => ['--enable-source-maps', main, 'memory', 'address']);
}
