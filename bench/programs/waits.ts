/**
 * The cost of many waits for their process, and their effect on its file reads and timers.
 *   waits.js KIND COUNT SAMPLES   prints {"slower":…,"file":µs,"timer":ms,"threads":…,"kib":of each wait}
 * KIND: none, one-selection, types (of one queue), queues. Slower: reading a file, to the same before there were waits.
 * Needs --expose-gc
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { IpcError, MessageQueue } from '@timeq/mq-native';
import { median } from '../statistics.js';

const [kind, countText, samplesText] = process.argv.slice(2);
const count = Number(countText);
const samples = Number(samplesText);
const file = fileURLToPath(import.meta.url);
const { gc } = globalThis;
if (gc === undefined) throw new Error('it has to be run with --expose-gc');

const queues: MessageQueue[] = [];

function makeQueue(): MessageQueue {
  const queue = MessageQueue.createPrivate();
  queues.push(queue);
  return queue;
}

/** Waits for a message that never arrives, until its handle is closed. */
async function wait(queue: MessageQueue, type: number): Promise<void> {
  try {
    await queue.receive({ type });
  } catch (error) {
    if (!(error instanceof IpcError) || !error.closed) throw error;
  }
}

function startWaits(): void {
  if (kind === 'none') return;
  const shared = kind === 'queues' ? undefined : makeQueue();
  for (let i = 1; i <= count; i++) void wait(shared ?? makeQueue(), kind === 'types' ? i : 1);
}

function threads(): number {
  return readdirSync('/proc/self/task').length;
}

async function settled(): Promise<void> {
  for (let before = -1; before !== threads(); await delay(100)) before = threads();
}

async function memory(): Promise<number> {
  await delay(10);
  for (let i = 0; i < 3; i++) gc?.();
  return process.memoryUsage.rss() / 1024;
}

/** The median time of the work, in milliseconds. */
async function timed(work: () => Promise<unknown>, times = samples): Promise<number> {
  const each: number[] = [];
  for (let i = 0; i < times; i++) {
    const before = performance.now();
    await work();
    each.push(performance.now() - before);
  }
  return median(each);
}

try {
  // The first use loads, compiles and allocates: do that before measuring.
  await timed(() => readFile(file));
  const fileBefore = await timed(() => readFile(file));
  await makeQueue()
    .receive({ timeout: 100 })
    .catch(() => undefined);
  const memoryBefore = await memory();
  startWaits();
  await settled();
  const memoryNow = await memory();
  const fileTime = await timed(() => readFile(file));
  const timer = await timed(() => delay(1), Math.ceil(samples / 10));
  console.log(
    JSON.stringify({
      slower: fileTime / fileBefore,
      file: fileTime * 1000,
      timer,
      threads: threads(),
      ...(kind !== 'none' && { kib: (memoryNow - memoryBefore) / count }),
    }),
  );
} finally {
  for (const queue of queues) {
    queue.close();
    queue.remove();
  }
}
