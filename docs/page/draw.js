// Draws the pictures of docs/page.md: queues in an IPC namespace of their own, three minutes of traffic, and Chromium.
// It needs Debian's chromium, and root or user namespaces: node docs/page/draw.js
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';
import { chromium } from 'playwright-core';

const MINUTES = 3;

/** Seconds after which a queue is full enough for a sender to wait. */
const BLOCKED_AFTER = 150;
const INSIDE = 'TIMEQ_DRAW_INSIDE';
const root = join(import.meta.dirname, '..', '..');
const ipctools = join(root, 'packages', 'ipctools', 'bin', 'ipctools.js');

/** How many messages are in a queue after so many seconds. */
const depths = [
  [0x2a01, 16_384, (time) => 40 + 30 * Math.sin(time / 20)],
  [0x2a02, 16_384, (time) => (time % 45) * 5],
  [0x2a03, 16_384, (time) => (time % 60 < 8 ? 180 : 4)],
  [0x2a04, 4096, (time) => Math.min(38, time / 3)],
  [0x2a05, 16_384, () => 0],
  [0x7e01, 16_384, (time) => 3 + (Math.floor(time / 11) % 4)],
];

function moveTo(queue, wanted) {
  const { messages } = queue.stat();
  for (let count = messages; count < wanted; count += 1) {
    queue.trySend(
      1 + (count % 3),
      JSON.stringify({ order: 1000 + count, item: 'tea', cups: (count % 5) + 1 }).padEnd(100),
    );
  }
  for (let count = messages; count > wanted; count -= 1) queue.tryReceive();
}

function send(key, body) {
  return spawn(process.execPath, [ipctools, 'send', `0x${key.toString(16)}`, body], { stdio: 'ignore' });
}

async function draw() {
  const queues = depths.map(([key, maxBytes, depth]) => {
    const queue = MessageQueue.create(key, { mode: 0o660 });
    queue.set({ maxBytes });
    return { queue, depth };
  });
  const waiting = MessageQueue.open(0x2a05).receive();
  waiting.catch(() => undefined);
  let blocked;
  const server = spawn(process.execPath, [ipctools, 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(server.stdout, 'data');
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 560 } });
    await page.goto(String(line).trim());
    for (let time = 0; time < MINUTES * 60; time += 0.5) {
      for (const { queue, depth } of queues) moveTo(queue, Math.round(depth(time)));
      if (time === BLOCKED_AFTER) blocked = send(0x2a04, 'no room'.padEnd(600));
      await delay(500);
    }
    await page.screenshot({ path: join(import.meta.dirname, 'light.png') });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.click(`#queue-${queues[1].queue.id}`);
    await page.waitForSelector('#detail .messages');
    await page.mouse.move(0, 0);
    await page.screenshot({ path: join(import.meta.dirname, 'dark.png') });
  } finally {
    await browser.close();
    server.kill();
    blocked?.kill();
    for (const { queue } of queues) queue.remove();
  }
}

if (process.env[INSIDE] === undefined) {
  const { status } = spawnSync('unshare', ['--ipc', process.execPath, relative(root, import.meta.filename)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, [INSIDE]: '1' },
  });
  process.exitCode = status ?? 1;
} else {
  await draw();
}
