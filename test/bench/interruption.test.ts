import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inOwnNamespace, skipWithoutNamespaces } from '../helpers/namespace.js';
import { skipWithoutNats } from '../helpers/nats.js';
import { run } from '../helpers/process.js';

const main = fileURLToPath(new URL('../../../bench/dist/main.js', import.meta.url));

/**
 * Starts a benchmark, interrupts it once it has a queue and so many other processes, and prints its exit code. Ends when
 * the namespace has neither objects nor processes but this shell.
 */
const script = `
here=$(readlink /proc/self/ns/ipc)
others() {
  count=0
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/ns/ipc" 2>/dev/null)" = "$here" ] && [ "$process" != "/proc/$$" ] && count=$((count + 1))
  done
  [ "$count" -ge "$1" ]
}
objects() { [ "$(cat /proc/sysvipc/msg /proc/sysvipc/sem /proc/sysvipc/shm | wc -l)" -gt 3 ]; }
signal=$1 processes=$2
shift 2
"$@" &
until objects && others "$processes"; do sleep 0.05; done
kill -s "$signal" $!
wait $!
echo "exit code $?"
while objects || others 1; do sleep 0.05; done
`;

const cases = [
  { name: 'crowd-quiet', signal: 'TERM', processes: 2, code: 143 },
  { name: 'time-server-1', signal: 'HUP', processes: 2, code: 129 },
  { name: 'steady', signal: 'TERM', processes: 2, code: 143 },
  { name: 'bridge-memory', signal: 'TERM', processes: 4, code: 143 },
];

for (const { name, signal, processes, code } of cases) {
  test(
    `the benchmark "${name}" that SIG${signal} interrupts leaves no object and no process`,
    { skip: skipWithoutNamespaces() || (name.startsWith('bridge') && skipWithoutNats()) },
    async (t) => {
      const words = ['-c', script, 'sh', signal, String(processes), process.execPath, main, name];
      const { stdout, stderr } = await run(t, ...inOwnNamespace('sh', words));
      assert.equal(stdout, `exit code ${code}\n`, stderr);
    },
  );
}
