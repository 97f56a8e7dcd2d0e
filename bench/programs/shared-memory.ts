/**
 * A round trip through shared memory: two processes write into one segment, and two semaphores pass the turn.
 *   shared-memory.js FORM round-trip COUNT BYTES     FORM: async, sync
 * The peer is this program again.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { summary } from '../statistics.js';

const WARM_UP = 500;
const THERE = 0;
const BACK = 1;
const [form, work, countText, bytesText, setText, segmentText] = process.argv.slice(2);
const count = Number(countText);
const bytes = Number(bytesText);
const here = work === 'round-trip';

const set = here ? SemaphoreSet.createPrivate({ count: 2 }) : SemaphoreSet.fromId(Number(setText));
const segment = here
  ? SharedMemory.createPrivate({ bytes: 2 * bytes })
  : SharedMemory.fromId(Number(segmentText));
const memory = segment.view(Uint8Array);
const body = new Uint8Array(bytes);

// Whatever interrupts the benchmark, the two end soon by themselves, and remove their objects then.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

async function pass(number: number): Promise<void> {
  const operations = [{ number, delta: -1 }];
  if (form === 'sync') set.operateSync(operations);
  else await set.operate(operations);
}

function give(number: number): void {
  set.tryOperate([{ number, delta: 1 }]);
}

if (here) {
  const script = fileURLToPath(import.meta.url);
  const peer = [script, String(form), 'peer', count, bytes, set.id, segment.id].map(String);
  const child = spawn(process.execPath, peer, { stdio: 'inherit' });
  const times = new Float64Array(count);
  let before = performance.now();
  for (let i = -WARM_UP; i < count; i++) {
    memory.set(body, 0);
    give(THERE);
    await pass(BACK);
    body.set(memory.subarray(bytes, 2 * bytes));
    const after = performance.now();
    if (i >= 0) times[i] = (after - before) * 1000;
    before = after;
  }
  child.on('close', () => {
    set.remove();
    segment.remove();
    console.log(JSON.stringify(summary(times)));
  });
} else {
  for (let i = -WARM_UP; i < count; i++) {
    await pass(THERE);
    memory.copyWithin(bytes, 0, bytes);
    give(BACK);
  }
}
