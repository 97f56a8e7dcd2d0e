import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test, { type TestContext } from 'node:test';
import type { MessageQueue } from '@timeq/mq-native';
import { Random } from '../faults/random.js';
import { skipWithoutCommands } from '../helpers/commands.js';
import { deadline } from '../helpers/deadline.js';
import { startWorker } from '../helpers/worker.js';
import { anotherHandle, drain, privateQueue } from '../mq-native/queue.js';
import type { Exiting } from './exiting.js';
import { interrupter } from './interrupter.js';
import { PossibleStates } from './possible-states.js';
import { chooseWaits, modelOf, Receives } from './receives.js';
import { replay } from './replay.js';
import { Sends, sendsQueue } from './sends.js';

const traces = 60;
const bursts = 8;
const exits = 8;

/** Plays the traces of some seeds on three handles at once, which share the threads that wait. */
async function play(t: TestContext, firstSeed: number): Promise<void> {
  const queue = privateQueue(t);
  const full = privateQueue(t, sendsQueue);
  const interrupt = interrupter(t);
  for (let seed = firstSeed; seed < firstSeed + traces; seed++) {
    const random = new Random(seed);
    const handles = [full, queue, queue].map((each) => anotherHandle(t, each));
    const [sending, ...receiving] = handles as [MessageQueue, ...MessageQueue[]];
    const receives = receiving.map(
      (handle, index) =>
        new Receives(queue, handle, { ...chooseWaits(random), messages: 4, type: index + 1, interrupt }),
    );
    await replay([new Sends(full, sending, 4), ...receives], random, bursts);
    for (const handle of handles) handle.close();
    for (const each of [full, queue]) drain(each);
  }
}

test(`waits do what their models do, in ${traces} traces of the models' steps`, async (t) => {
  await play(t, 1);
});

test(`a worker that exits leaves what its model leaves, after ${exits} traces`, async (t) => {
  const queue = privateQueue(t);
  for (let seed = 1; seed <= exits; seed++) {
    const worker = startWorker(t, fileURLToPath(new URL('exiting.js', import.meta.url)), {
      workerData: [queue.id, seed],
    });
    const exited = once(worker, 'exit');
    const [{ options, states, steps }] = (await deadline(once(worker, 'message'), 'the trace')) as [Exiting];
    await deadline(exited, 'the exit');
    const possible = new PossibleStates(modelOf(options), states);
    for (const step of [...steps, 'the process exits']) possible.did(step);
    const there = [...queue.peekAll()].map(({ body }) => (body.length > options.size ? 'bytes' : 'empty'));
    assert.ok(
      possible.saw((state) => state.queue.join() === there.join()),
      `seed ${seed}, ${options.waits.join()}: after ${steps.join(', ')} there was ${there.join() || 'nothing'}`,
    );
    drain(queue);
  }
});

// The last test: this process stays as it is then.
test(
  `waits do what their models do, in ${traces} traces in which a thread that is woken runs only when script pauses`,
  { skip: skipWithoutCommands('taskset', 'chrt') },
  async (t) => {
    const [, cpu = ''] = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    const pid = String(process.pid);
    // All threads on one CPU, and none of them interrupts another when it wakes up: sched(7), SCHED_BATCH.
    for (const [command, ...words] of [
      ['taskset', '-acp', cpu, pid],
      ['chrt', '-abp', '0', pid],
    ] as const) {
      assert.equal(spawnSync(command, words).status, 0);
    }
    await play(t, traces + 1);
  },
);
