import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'node:test';
import { until } from '../helpers/deadline.js';
import { freshKey } from '../helpers/keys.js';
import { run } from '../helpers/process.js';
import { ask, askClassic, openQueue, startServer } from './server.js';

test('a server at rest does nothing: no CPU time, no turn of any of its threads', async (t) => {
  const key = freshKey(t);
  const server = await startServer(t, key);
  const queue = openQueue(t, key);
  for (let request = 0; request < 100; request += 1) await askClassic(queue);
  await ask(queue);
  // The engine tidies up for a while after work. A timer of the server's own would never let it come to rest.
  const quiet = await until(async () => {
    const before = activity(server.pid);
    await run(t, 'sleep', ['2']);
    return before === activity(server.pid) && before;
  }, 'a rest');
  assert.notEqual(quiet, '');
  await askClassic(queue);
  // A thread is counted when it goes back to sleep.
  await until(() => activity(server.pid) !== quiet, 'work that the measure sees');
});

/** CPU time and context switches of all threads of a process. */
function activity(pid: number): string {
  const threads = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return `${thread} ${/^voluntary_ctxt_switches:\t(\d+)$/m.exec(status)?.[1]}`;
  });
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [utime, stime] = fields.split(' ').slice(11, 13);
  return [`${utime} ${stime}`, ...threads].join('\n');
}
