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
import { along, atRandom, replay } from './replay.js';
import { Sends, sendsQueue } from './sends.js';
import { waysOfReceives, waysOfSends } from './ways.js';

const traces = 50;
const bursts = 8;
const exits = 8;
const ways = { receives: [...waysOfReceives()], sends: [...waysOfSends()] };

/** Plays random traces on three handles at once, which share the waiting threads; then the known traces. */
async function play(t: TestContext, firstSeed: number): Promise<void> {
  const queue = privateQueue(t);
  const full = privateQueue(t, sendsQueue);
  const interrupt = interrupter(t);
  const end = (handles: readonly MessageQueue[]): void => {
    for (const handle of handles) handle.close();
    for (const each of [full, queue]) drain(each);
  };
  for (let seed = firstSeed; seed < firstSeed + traces; seed++) {
    const random = new Random(seed);
    const handles = [full, queue, queue].map((each) => anotherHandle(t, each));
    const [sending, ...receiving] = handles as [MessageQueue, ...MessageQueue[]];
    const receives = receiving.map(
      (handle, index) =>
        new Receives(queue, handle, { ...chooseWaits(random), messages: 4, type: index + 1, interrupt }),
    );
    const subjects = [new Sends(full, sending, 4), ...receives] as const;
    await replay(subjects, atRandom(subjects, random, bursts), `seed ${seed}`);
    end(handles);
  }
  for (const { mistake, waits, way } of ways.receives) {
    const handle = anotherHandle(t, queue);
    const subject = new Receives(queue, handle, { waits, messages: 2, type: 1, size: 0, interrupt });
    await replay([subject], along(subject, way), `${mistake}, ${waits.join()}`);
    end([handle]);
  }
  for (const { mistake, way } of ways.sends) {
    const handle = anotherHandle(t, full);
    const subject = new Sends(full, handle, 3);
    await replay([subject], along(subject, way), mistake);
    end([handle]);
  }
}

test(`waits behave like their models in ${traces} random traces, and in those that reveal the mistakes`, async (t) => {
  await play(t, 1);
});

test(`an exiting worker leaves the same messages as its model, after ${exits} traces`, async (t) => {
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

// Must be the last test: the change to this process is permanent.
test(
  `waits behave like their models in such traces, where a woken thread runs only when script pauses`,
  { skip: skipWithoutCommands('taskset', 'chrt') },
  async (t) => {
    const [, cpu = ''] = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    const pid = String(process.pid);
    // Put all threads on one CPU, where none preempts another when it wakes up: sched(7), SCHED_BATCH.
    for (const [command, ...words] of [
      ['taskset', '-acp', cpu, pid],
      ['chrt', '-abp', '0', pid],
    ] as const) {
      assert.equal(spawnSync(command, words).status, 0);
    }
    await play(t, traces + 1);
  },
);
