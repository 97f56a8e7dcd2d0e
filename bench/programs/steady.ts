/**
 * Sends and receives messages for a long time, and measures its memory.
 *   steady.js FORM COUNT KEY   prints {"growth":…,"megabytes":…,"perSecond":messages}
 * FORM: try, async, batch (each in this process alone), wait (a receive blocks a thread: crowd.c confirms each message).
 * Growth is the ratio of the peak memory of the second half to that of the first. Needs --expose-gc
 */
import { setImmediate as turn } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';

const SAMPLES = 20;
const BATCH = 64;
const [form, countText, key] = process.argv.slice(2);
const queue = MessageQueue.open(Number(key));
const each = Math.ceil(Number(countText) / SAMPLES);
const body = Buffer.alloc(32);
const { gc } = globalThis;
if (gc === undefined) throw new Error('it has to be run with --expose-gc');

const forms: Record<string, (count: number) => Promise<void>> = {
  async try(count) {
    for (let i = 0; i < count; i++) {
      queue.trySend(1, body);
      queue.tryReceive({ type: 1 });
      if (i % 4096 === 0) await turn();
    }
  },
  async batch(count) {
    for (let i = 0; i < count; i += BATCH) {
      for (let sent = 0; sent < BATCH; sent++) queue.trySend(1, body);
      queue.receiveBatch({ type: 1 });
      if (i % 4096 === 0) await turn();
    }
  },
  async async(count) {
    for (let i = 0; i < count; i++) {
      await queue.send(1, body);
      await queue.receive({ type: 1 });
    }
  },
  async wait(count) {
    queue.longestPoll = 0;
    for (let i = 0; i < count; i++) {
      await queue.send(1, body);
      await queue.receive({ type: 2 });
    }
  },
};

const run = forms[form ?? ''];
if (run === undefined) throw new Error(`there is no form "${form}"`);
const megabytes: number[] = [];
let milliseconds = 0;
for (let sample = 0; sample < SAMPLES; sample++) {
  const start = performance.now();
  await run(each);
  milliseconds += performance.now() - start;
  gc();
  megabytes.push(process.memoryUsage.rss() / 1e6);
}
const [first, second] = [megabytes.slice(0, SAMPLES / 2), megabytes.slice(SAMPLES / 2)];
console.log(
  JSON.stringify({
    growth: Math.max(...second) / Math.max(...first),
    megabytes: Math.max(...megabytes),
    perSecond: ((SAMPLES * each) / milliseconds) * 1000,
  }),
);
