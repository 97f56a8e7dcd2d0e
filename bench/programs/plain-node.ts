/**
 * The same work as round-trip and one-way over the mechanisms of Node.js.
 *   plain-node.js MECHANISM round-trip|one-way COUNT BYTES
 * The peer is this program again, with `peer-` before the kind of work.
 */
import { fileURLToPath } from 'node:url';
import { removeWhenInterrupted } from '../leftovers.js';
import { summary } from '../statistics.js';
import type { Channel } from './channels/channel.js';
import { openHere, openThere, type Mechanism } from './channels/open.js';

const WARM_UP = 500;
const [mechanism, work, countText, bytesText, place = ''] = process.argv.slice(2) as [Mechanism, ...string[]];
const count = Number(countText);
const bytes = Number(bytesText);
const body = Buffer.alloc(bytes);

async function ping(channel: Channel): Promise<void> {
  const times = new Float64Array(count);
  let before = performance.now();
  let step = -WARM_UP;
  await new Promise<void>((resolve) => {
    channel.onMessage(() => {
      const after = performance.now();
      if (step >= 0) times[step] = (after - before) * 1000;
      before = after;
      if (++step < count) channel.send(body);
      else resolve();
    });
    channel.send(body);
  });
  console.log(JSON.stringify(summary(times)));
  channel.close();
}

async function receive(channel: Channel): Promise<void> {
  let start = 0;
  let received = 0;
  const half = Math.floor(count / 2);
  await new Promise<void>((resolve) => {
    channel.onMessage(() => {
      if (received === half) start = performance.now();
      if (++received === count) resolve();
    });
    channel.send(body);
  });
  console.log(JSON.stringify({ perSecond: ((count - half) / (performance.now() - start)) * 1000 }));
  channel.close();
}

async function sendAll(channel: Channel): Promise<void> {
  for (let i = 0; i < count; i++) {
    channel.send(body);
    if (i % 64 === 63) await channel.ready();
  }
}

if (work === 'round-trip' || work === 'one-way') {
  removeWhenInterrupted();
  const script = fileURLToPath(import.meta.url);
  const peer = { script, arguments: [mechanism, `peer-${work}`, String(count), String(bytes)] };
  const channel = await openHere(mechanism, peer, bytes);
  await (work === 'round-trip' ? ping(channel) : receive(channel));
} else {
  const channel = openThere(mechanism, place, bytes);
  channel.onMessage((message) => {
    if (work === 'peer-round-trip') channel.send(message);
    else void sendAll(channel);
  });
}
