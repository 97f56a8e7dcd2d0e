/**
 * Opens the page of `ipctools serve` in Chromium, with queues that it makes in this IPC namespace; each second, up to
 * 1,000 of them change. Tasks are those of the page's main thread: CPU time, which other programs do not lengthen. What the
 * page shows is told by the page itself: playwright's own functions would add tasks of their own to it, the longest of all.
 *   page.js IPCTOOLS CHROMIUM QUEUES SECONDS
 *   prints {"task":ms of the longest,"wall":ms of the longest,"percent":of a core in the server,"first":ms,"kilobytes"}
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';
import { chromium, type Page } from 'playwright-core';
import { usageOf } from '../process-usage.js';

/** How many queues change each second. */
const CHANGED = 1000;

/** Seconds in which the server's code is compiled. */
const WARM_UP = 4;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: { readonly data?: { readonly url?: string } };
  /** Microseconds: of the clock, and of CPU time. */
  readonly dur?: number;
  readonly tdur?: number;
}

/** Logs a word and the time since the navigation, in milliseconds, when something is on the screen for the first time. */
function tell(word: string, selector: string): string {
  return `new MutationObserver((_, observer) => {
    if (document.querySelector('${selector}') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => console.debug('${word}', performance.now())));
  }).observe(document, { childList: true, subtree: true });`;
}

async function told(page: Page, word: string): Promise<number> {
  const message = await page.waitForEvent('console', (each) => each.text().startsWith(word));
  return Number(message.text().split(' ')[1]);
}

const [ipctools = '', executablePath = '', count, seconds] = process.argv.slice(2);
const queues = Array.from({ length: Number(count) }, (_, index) =>
  // Keys in no order, as the table sorts by them.
  MessageQueue.create((Math.imul(index + 1, 0x9e3779b1) & 0x7fffffff) + 1),
);

/** Sends one message to each, or takes it. */
async function change(times: number): Promise<void> {
  const start = performance.now();
  for (let i = 1; i <= times; i++) {
    for (const queue of queues.slice(0, CHANGED)) if (!queue.tryReceive()) queue.trySend(1, 'one message');
    await delay(Math.max(1, start + i * 1000 - performance.now()));
  }
}

/** Bytes that the page and its files took on their way, by the browser's own count. */
const LOADED = `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter(({ name }) => !/[/](events|queues[/][0-9]+)$/.test(name))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;

/** The longest task of the thread that asked for the page's files; Chromium has pages of its own. */
function longest(
  events: readonly TraceEvent[],
  url: string,
): { readonly task: number; readonly wall: number } {
  const asked = events.find(
    ({ name, args }) => name === 'ResourceSendRequest' && args.data?.url?.startsWith(url) === true,
  );
  const tasks = events.filter(
    ({ name, pid, tid }) =>
      name === 'ThreadControllerImpl::RunTask' && pid === asked?.pid && tid === asked.tid,
  );
  if (tasks.length === 0) throw new Error('Chromium traced no task of the page');
  const most = (of: 'dur' | 'tdur'): number => Math.max(...tasks.map((task) => task[of] ?? 0)) / 1000;
  return { task: most('tdur'), wall: most('dur') };
}

const server = spawn(process.execPath, [ipctools, 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
const [url] = (await once(createInterface(server.stdout), 'line')) as [string];
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage();
await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
await page.addInitScript(tell('row', 'tr[data-id]') + tell('chart', '.uplot'));
const row = told(page, 'row');
await page.goto(url, { waitUntil: 'commit' });
const first = await row;
await change(Math.min(WARM_UP, Number(seconds)));
const before = usageOf([server.pid ?? 0]);
const start = performance.now();
await change(Number(seconds));
const elapsed = performance.now() - start;
const cpu = (usageOf([server.pid ?? 0]).cpu - before.cpu) / 1000;
// A queue's own view loads the chart.
const chart = told(page, 'chart');
await page.keyboard.press('ArrowDown');
await page.keyboard.press('Enter');
await chart;
const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
const kilobytes = (await page.evaluate<number>(LOADED)) / 1000;
await browser.close();
server.kill();
await once(server, 'exit');
console.log(
  JSON.stringify({ ...longest(trace.traceEvents, url), percent: (cpu / elapsed) * 100, first, kilobytes }),
);
