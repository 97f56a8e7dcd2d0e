/** A worker that plays a trace of the receive model, posts its possible states and last steps, makes them and exits. */
import { parentPort, workerData } from 'node:worker_threads';
import { MessageQueue } from '@timeq/mq-native';
import { Random } from '../faults/random.js';
import type { State } from './receive-waiting.js';
import { chooseWaits, Receives, type ReceivesOptions } from './receives.js';
import { along, atRandom, replay } from './replay.js';

/** What it posts while idle. */
export interface Exiting {
  readonly options: ReceivesOptions;
  readonly states: readonly State[];
  /** The steps of its last job, in which it exits. */
  readonly steps: readonly string[];
}

const [id, seed] = workerData as [number, number];
const random = new Random(seed);
const queue = MessageQueue.fromId(id);
const options = { ...chooseWaits(random), messages: 6, type: 1 };
const receives = new Receives(queue, MessageQueue.fromId(id), options);
await replay([receives], atRandom([receives], random, 2), `seed ${seed}`);
const begin = receives.choices().filter((step) => step.startsWith('receive'));
await replay([receives], along(receives, [begin]), `seed ${seed}`);
const [burst = []] = atRandom([receives], random, 1);
// A worker that exits can't report whether it took a message.
const steps = burst.map(({ step }) => step).filter((step) => step !== 'another process takes a message');
const sends = receives.choices().filter((step) => step.startsWith('another program sends'));
const send = sends[random.below(sends.length)];
if (send !== undefined) steps.push(send);
parentPort?.postMessage({ options, states: receives.states, steps } satisfies Exiting);
for (const step of steps) receives.play(step);
process.exit();
