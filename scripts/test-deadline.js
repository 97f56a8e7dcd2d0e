// Loaded into every process that runs a test file. If no test begins or ends for a while, a thread
// that a blocked main thread does not stop prints the running test and ends the process with SIGALRM.
import { afterEach, beforeEach } from 'node:test';
import { isMainThread, Worker } from 'node:worker_threads';

// Three times what the tests' helpers wait for anything (test/helpers/deadline.ts).
const milliseconds = 3000 * Number(process.env.TIMEQ_TEST_PATIENCE ?? 180);
const nameBytes = 512;

// The runner sets this variable for the processes of test files; their workers and the runner itself have no tests.
if (process.env.NODE_TEST_CONTEXT?.startsWith('child') && isMainThread) watch();

function watch() {
  const turns = new Int32Array(new SharedArrayBuffer(4));
  const name = new Uint8Array(new SharedArrayBuffer(nameBytes));
  const turn = () => {
    Atomics.add(turns, 0, 1);
    Atomics.notify(turns, 0);
  };
  beforeEach((t) => {
    name.fill(0);
    new TextEncoder().encodeInto(t.name, name);
    turn();
  });
  afterEach(turn);
  const source = `(${watchdog.toString()})(require('node:worker_threads').workerData, require('node:fs'))`;
  const workerData = { turns, name, milliseconds };
  new Worker(source, { eval: true, workerData, execArgv: [], stdout: false, stderr: false }).unref();
}

function watchdog({ turns, name, milliseconds: limit }, fs) {
  for (let seen = 0; ; seen = Atomics.load(turns, 0)) {
    if (Atomics.wait(turns, 0, seen, limit) !== 'timed-out') continue;
    const title = Buffer.from(name.slice(0, name.indexOf(0))).toString();
    fs.writeSync(2, `No test has begun or ended for ${limit / 1000} s: "${title}" hangs\n`);
    process.kill(process.pid, 'SIGALRM');
  }
}
