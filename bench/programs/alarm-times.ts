/**
 * Is woken by an alarm at moments, and tells how late.
 *   alarm-times.js KEY FIRST STEP COUNT   prints {"p50":…,"p99":…,"sentP50":…,"sentP99":…} in milliseconds
 * FIRST is in nanoseconds since the epoch, STEP the nanoseconds from one moment to the next. The second pair is for the
 * moment at which the server sent the message.
 */
import { wallClock } from '@timeq/mq-native';
import { TimeClient } from '@timeq/time-client';
import { summary } from '../statistics.js';

const [key, from = 0n, every = 0n, count] = process.argv.slice(2).map(BigInt);

const received: number[] = [];
const sent: number[] = [];
using client = TimeClient.connect(Number(key));
for await (const turn of await client.alarm({ every, from, count: Number(count) })) {
  received.push(Number(wallClock() - turn.at) / 1e6);
  sent.push(Number(turn.sent - turn.at) / 1e6);
}
const { p50, p99 } = summary(Float64Array.from(received));
const server = summary(Float64Array.from(sent));
console.log(JSON.stringify({ p50, p99, sentP50: server.p50, sentP99: server.p99 }));
