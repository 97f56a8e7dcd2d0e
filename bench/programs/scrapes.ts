/**
 * Scrapes `ipctools metrics --listen` once a second, with queues that it makes in this IPC namespace.
 *   scrapes.js IPCTOOLS QUEUES SCRAPES   prints {"percent":of a core,"milliseconds":a scrape,"kilobytes":a scrape}
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';
import { usageOf } from '../process-usage.js';

/** The first scrapes compile the code. */
const WARM_UP = 5;

const [ipctools = '', queues, scrapes] = process.argv.slice(2);
for (let i = 0; i < Number(queues); i++) MessageQueue.createPrivate().trySend(1, 'one message');

const server = spawn(
  process.execPath,
  [ipctools, 'metrics', '--listen', '0', '--max-series', String(queues)],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
const url = /http:\S+(?=;)/.exec(line)?.[0] ?? '';

let bytes = 0;
let milliseconds = 0;

async function scrape(count: number): Promise<void> {
  const start = performance.now();
  bytes = 0;
  milliseconds = 0;
  for (let i = 1; i <= count; i++) {
    await delay(Math.max(1, start + i * 1000 - performance.now()));
    const begin = performance.now();
    bytes += (await (await fetch(url)).text()).length;
    milliseconds += performance.now() - begin;
  }
}

await scrape(WARM_UP);
const before = usageOf([server.pid ?? 0]);
const start = performance.now();
await scrape(Number(scrapes));
const seconds = (performance.now() - start) / 1000;
const cpu = (usageOf([server.pid ?? 0]).cpu - before.cpu) / 1e6;
server.kill();
await once(server, 'exit');
const count = Number(scrapes);
console.log(
  JSON.stringify({
    percent: (cpu / seconds) * 100,
    milliseconds: milliseconds / count,
    kilobytes: bytes / count / 1000,
  }),
);
