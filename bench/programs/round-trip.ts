/**
 * Timeq's round trip, as round_trip.c does it.
 *   round-trip.js FORM ping|pong KEY COUNT BYTES
 * FORM: async, waiter (async without polling), sync
 */
import { MessageQueue } from '@timeq/mq-native';
import { summary } from '../statistics.js';

const WARM_UP = 2000;
const [form, role, key, countText, bytesText] = process.argv.slice(2);
const queue = MessageQueue.open(Number(key));
if (form === 'waiter') queue.longestPoll = 0;
const count = Number(countText);
const body = Buffer.alloc(Number(bytesText));

async function pingAsync(times: Float64Array): Promise<void> {
  let before = performance.now();
  for (let i = -WARM_UP; i < count; i++) {
    await queue.send(1, body);
    await queue.receive({ type: 2 });
    const after = performance.now();
    if (i >= 0) times[i] = (after - before) * 1000;
    before = after;
  }
}

function pingSync(times: Float64Array): void {
  let before = performance.now();
  for (let i = -WARM_UP; i < count; i++) {
    queue.sendSync(1, body);
    queue.receiveSync({ type: 2 });
    const after = performance.now();
    if (i >= 0) times[i] = (after - before) * 1000;
    before = after;
  }
}

async function pongAsync(): Promise<void> {
  for (let i = -WARM_UP; i < count; i++) {
    const message = await queue.receive({ type: 1 });
    await queue.send(2, message.body);
  }
}

function pongSync(): void {
  for (let i = -WARM_UP; i < count; i++) queue.sendSync(2, queue.receiveSync({ type: 1 }).body);
}

if (role === 'pong') {
  if (form === 'sync') pongSync();
  else await pongAsync();
} else {
  const times = new Float64Array(count);
  if (form === 'sync') pingSync(times);
  else await pingAsync(times);
  console.log(JSON.stringify(summary(times)));
}
