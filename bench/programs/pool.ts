/**
 * A worker of a pool, as pool.c has it.
 *   pool.js FORM consume KEY WORK
 * FORM: messages (for await), batches (for await of batches)
 */
import { GoneError, MessageQueue, type Message } from '@timeq/mq-native';
import { quantile } from '../statistics.js';

const LONG_WORK = 16;
const [form, , key, workText] = process.argv.slice(2);
const queue = MessageQueue.open(Number(key));
const usual = Number(workText);
const waits: number[] = [];
let count = 0;

function workFor(microseconds: number): void {
  const end = performance.now() + microseconds / 1000;
  while (performance.now() < end) continue;
}

function take({ body }: Message): void {
  count += 1;
  if (usual === 0) return;
  if (body.length === LONG_WORK) {
    workFor(Number(body.readBigInt64LE(8)));
    return;
  }
  waits.push(Number(process.hrtime.bigint() - body.readBigInt64LE(0)) / 1000);
  workFor(usual);
}

console.log('ready');
try {
  if (form === 'batches') {
    for await (const batch of queue.batches({ type: 1 })) batch.forEach(take);
  } else {
    for await (const message of queue.messages({ type: 1 })) take(message);
  }
} catch (error) {
  if (!(error instanceof GoneError)) throw error;
}
const sorted = Float64Array.from(waits).sort();
const longest = sorted.at(-1) ?? 0;
console.log(JSON.stringify({ count, p99: sorted.length > 0 ? quantile(sorted, 0.99) : 0, longest }));
