import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { formatKey, MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { skipWithoutBrowser, startBrowser } from '../helpers/browser.js';
import { atEnd } from '../helpers/cleanup.js';
import { until } from '../helpers/deadline.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freshKey } from '../helpers/keys.js';
import { trackSegment, trackSemaphores } from '../helpers/tracking.js';
import { askClassic, askStatus, openQueue, ownServer } from '../time-server/server.js';
import { serve, serveChanges } from './server.js';

/** A queue at a key of the test's own. */
function makeQueue(
  t: TestContext,
  maxBytes?: number,
): MessageQueue & { readonly name: string; readonly keyNumber: number } {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  if (maxBytes !== undefined) queue.set({ maxBytes });
  return Object.assign(queue, { name: formatKey(key), keyNumber: key });
}

describe('the page of ipctools serve', { skip: skipWithoutBrowser() }, () => {
  let browser: Browser;

  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await browser.close();
  });

  /** Opens the page and waits for its first sample. The test fails if the page reports an error of any kind. */
  async function open(t: TestContext, url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => {
      if (
        !/ERR_CONNECTION_REFUSED|404 \(Not Found\)|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/.test(
          message.text(),
        )
      )
        complaints.push(message.text());
    });
    page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    atEnd(t, async () => {
      await context.close();
      assert.deepEqual(complaints, []);
    });
    await page.goto(url);
    await page.waitForSelector('#connection[data-state=live]');
    return page;
  }

  it('shows a queue with its content, and follows each change', async (t) => {
    const queue = makeQueue(t, 2000);
    queue.trySend(1, 'x'.repeat(1700));
    const { url } = await serve(t, '--interval', '100ms');
    const page = await open(t, url);
    await page.fill('#filter', queue.name);
    const row = page.locator(`#queue-${queue.id}`);
    await row.locator('.c-messages', { hasText: /^1$/ }).waitFor();
    assert.equal(await row.locator('.c-full').innerText(), '85%');
    assert.equal(await row.locator('.bar').getAttribute('data-level'), 'near');
    queue.trySend(1, 'more');
    await row.locator('.c-messages', { hasText: /^2$/ }).waitFor();
    queue.tryReceive();
    queue.tryReceive();
    await row.locator('.c-messages', { hasText: /^0$/ }).waitFor();
    const path = (await row.locator('.spark path').getAttribute('d')) ?? '';
    assert.match(path, /^M[\d.]+ [\d.]+H[\d.]+V[\d.]+H[\d.]+V[\d.]+H90$/);
    queue.remove();
    await row.waitFor({ state: 'hidden' });
    await page.locator('#empty').waitFor();
  });

  it('filters by words and conditions, and sorts by any column', async (t) => {
    const [one, two, three] = [makeQueue(t), makeQueue(t), makeQueue(t)];
    for (let count = 0; count < 5; count += 1) two.trySend(1, 'm');
    three.trySend(1, 'm');
    const { url } = await serve(t);
    const page = await open(t, url);
    const ids = async (): Promise<number[]> =>
      (await page.locator('#queues tbody tr[data-id]:visible').all()).reduce<Promise<number[]>>(
        async (found, row) => [...(await found), Number(await row.getAttribute('data-id'))],
        Promise.resolve([]),
      );
    const mine = [one.id, two.id, three.id];
    const shown = async (): Promise<number[]> => (await ids()).filter((id) => mine.includes(id));
    /** The page sorts a long table between other work. */
    const becomes = async (read: () => Promise<number[]>, ...expected: number[]): Promise<void> => {
      await until(async () => String(await read()) === String(expected), `the rows ${expected.join()}`);
    };
    await page.fill('#filter', 'messages>0');
    await page.click('.c-messages button');
    await becomes(shown, two.id, three.id);
    assert.equal(await page.locator('th.c-messages').getAttribute('aria-sort'), 'descending');
    await page.click('.c-messages button');
    await becomes(shown, three.id, two.id);
    await page.fill('#filter', `messages>0 ${two.name.slice(2)}`);
    await becomes(ids, two.id);
    assert.match(await page.locator('#count').innerText(), /^1 of [\d,]+ queues$/);
  });

  it('opens a queue and shows hostile bodies as text', async (t) => {
    const queue = makeQueue(t);
    const hostile = '<img src=x onerror=alert(1)><script>alert(2)</script>';
    queue.trySend(7, hostile);
    queue.trySend(2n ** 60n, '\u202Etxt.exe\u0007\n"\'&amp;');
    queue.trySend(7, Buffer.from([0xff, 0xfe, 0x41]));
    const { url } = await serve(t);
    const page = await open(t, url);
    await page.fill('#filter', queue.name);
    await page.click(`#queue-${queue.id}`);
    await page.locator('h2', { hasText: `queue ${queue.id} (key ${queue.name})` }).waitFor();
    const rows = await page.locator('#detail .messages tbody tr').allInnerTexts();
    assert.deepEqual(rows, [
      `7\t${hostile.length}\t${hostile}`,
      `${2n ** 60n}\t19\t\\u202etxt.exe\\x07\\n"'&amp;`,
      '7\t3\t\\xff\\xfeA',
    ]);
    assert.equal(await page.locator('#detail img, #detail script').count(), 0);
    assert.deepEqual(await page.locator('#detail .types tbody tr').allInnerTexts(), [
      `7\t2\t${hostile.length + 3}`,
      `${2n ** 60n}\t1\t19`,
    ]);
    const text = await page.locator('#detail').innerText();
    assert.match(text, new RegExp(`last sender\\s+${process.pid} \\S+: .*node`));
    assert.match(text, /live proven by rule|live judged by rule|unknown judged by rule/);
    // It follows, and it was not taken.
    assert.equal(queue.stat().messages, 3);
    queue.tryReceive();
    await page.locator('#detail .messages tbody tr').nth(2).waitFor({ state: 'detached' });
  });

  it('shows a name of a process as text', async (t) => {
    const queue = makeQueue(t);
    const { url } = await serve(t);
    process.title = '<b>ü</b>';
    atEnd(t, () => {
      process.title = 'node';
    });
    queue.trySend(1, 'hello');
    const page = await open(t, `${url}#queue/${queue.id}`);
    await page.locator('#detail dd', { hasText: '<b>ü</b>' }).waitFor();
    assert.equal(await page.locator('#detail .facts b').count(), 0);
  });

  it('shows time servers with their clocks, and asks them only then', async (t) => {
    const { key, server } = await ownServer(t, ['--verbose', '--clock', 'rate:60,from:2026-12-31T12:00Z']);
    const { process: served, url } = await serve(t);
    const page = await open(t, url);
    await page.locator('#usage', { hasText: 'time servers' }).waitFor();
    const queue = openQueue(t, key);
    await askStatus(queue);
    const byPage = `last sender ${served.pid} `;
    await server.waitFor(`last sender ${process.pid} `);
    assert.ok(!server.stdout.includes(byPage));
    await page
      .locator('#usage li', { hasText: 'time servers' })
      .getByText(/^[1-9]/)
      .waitFor();
    await page.getByRole('link', { name: 'time servers' }).click();
    const row = page.locator('section.server', { hasText: `pid ${server.pid},` });
    await row.getByText('answers in').waitFor();
    await server.waitFor(byPage);
    await row.getByText('by rate:60,from:2026-12-31T12:00Z, not the machine’s').waitFor();
    const clock = row.locator('time');
    const first = await clock.textContent();
    assert.match(first ?? '', /^20(26-12-31|27-)/);
    await until(async () => (await clock.textContent()) !== first, 'the clock to tick');
    const counted = async (): Promise<number> =>
      Number.parseInt((await row.locator('dd').nth(3).textContent()) ?? '');
    const asked = await counted();
    await askClassic(queue);
    await until(async () => (await counted()) > asked, 'the requests to be counted');
    await page.keyboard.press('Escape');
    await page.locator('#detail').waitFor({ state: 'hidden' });
  });

  it('lets the arrows choose from the first moment on', async (t) => {
    makeQueue(t);
    const { url } = await serve(t);
    const page = await open(t, url);
    await page.locator('[id^=queue-]').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.locator('[id^=queue-][aria-selected=true]').waitFor();
  });

  it('is used with the keys alone', async (t) => {
    const queue = makeQueue(t);
    const { url } = await serve(t);
    const page = await open(t, url);
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys and words' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Keys and words' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('/');
    await page.keyboard.type(queue.name);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.locator(`#queue-${queue.id}[aria-selected=true]`).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('h2', { hasText: queue.name }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#detail').waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#filter').inputValue(), '');
  });

  it('connects again after the server was started again, and says so meanwhile', async (t) => {
    const queue = makeQueue(t);
    const folder = temporaryFolder(t);
    const token = join(folder, 'token');
    const first = await serve(t, '--token-file', token);
    const page = await open(t, first.url);
    first.process.kill('SIGKILL');
    await page.locator('#connection', { hasText: 'connection lost, connecting again' }).waitFor();
    queue.trySend(1, 'meanwhile');
    await serve(t, '--token-file', token, '--port', new URL(first.url).port);
    await page.waitForSelector('#connection[data-state=live]');
    await page.fill('#filter', queue.name);
    await page.locator(`#queue-${queue.id} .c-messages`, { hasText: /^1$/ }).waitFor();
  });

  it('sends, removes and restores what was shown and confirmed, and nothing that was cancelled', async (t) => {
    const queue = makeQueue(t);
    const { url, state } = await serveChanges(t);
    const page = await open(t, `${url}#queue/${queue.id}`);
    const dialog = page.locator('#change');
    await page.getByRole('button', { name: 'Send…' }).click();
    await dialog.getByLabel('Type').fill('7');
    await dialog.getByLabel('Body').fill('<b>tea</b>');
    await dialog.getByRole('button', { name: 'Next' }).click();
    await dialog.getByText('<b>tea</b>').waitFor();
    assert.equal(queue.stat().messages, 0);
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.getByText(`sent to queue ${queue.id}`).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    const [message] = [...queue.peekAll()];
    assert.deepEqual([message?.type, message?.body.toString()], [7, '<b>tea</b>']);

    const remove = page.getByRole('button', { name: 'Remove…' });
    await remove.click();
    await dialog.getByText('1 message, 10 bytes').waitFor();
    // Enter confirms nothing.
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await remove.click();
    await dialog.getByText('1 message, 10 bytes').waitFor();
    queue.trySend(1, 'late');
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog.getByText('it has changed since it was shown; nothing done: look again').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    assert.equal(queue.stat().messages, 2);
    await remove.click();
    await dialog.getByText('2 messages, 14 bytes').waitFor();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog.getByText('removed 1; 14 bytes freed').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByText('There is no such queue.').waitFor();
    assert.throws(() => queue.stat());

    await page.getByRole('button', { name: 'Restore…' }).click();
    const [file = ''] = readdirSync(join(state, 'timeq', 'backups'));
    await dialog.getByRole('button', { name: file }).click();
    await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
    await dialog.getByText('restored to queue').waitFor();
    using restored = MessageQueue.open(queue.keyNumber);
    assert.deepEqual(
      [...restored.peekAll()].map(({ type, body }) => [type, body.toString()]),
      [
        [7, '<b>tea</b>'],
        [1, 'late'],
      ],
    );
  });

  it('offers no change unless changes are allowed', async (t) => {
    const queue = makeQueue(t);
    const { url } = await serve(t);
    const page = await open(t, `${url}#queue/${queue.id}`);
    await page.locator('#detail .facts').waitFor();
    assert.equal(await page.getByRole('button', { name: /Send|Remove|Restore/ }).count(), 0);
  });

  it('shows segments and semaphore sets with their verdicts, and lists POSIX objects', async (t) => {
    const key = freshKey(t);
    const segment = trackSegment(t, SharedMemory.create(key, { bytes: 8192 }));
    const set = trackSemaphores(t, SemaphoreSet.create(key, { count: 3 }));
    const { url } = await serve(t);
    const page = await open(t, url);
    for (const [link, name, content] of [
      ['segments', `segment ${segment.id} (key ${formatKey(key)})`, '8192 bytes, attached'],
      ['semaphores', `semaphore set ${set.id} (key ${formatKey(key)})`, '3 semaphores'],
    ] as const) {
      await page.locator('#usage').getByRole('link', { name: link }).click();
      const item = page.locator('#detail .objects li', { hasText: name });
      await item.getByText(content).waitFor();
      assert.match(await item.innerText(), /live|idle|unknown/);
    }
    set.remove();
    await page.locator('#detail').getByText('3 semaphores').waitFor({ state: 'detached' });
    await page.locator('#usage').getByRole('link', { name: 'POSIX' }).click();
    await page.locator('#detail').getByRole('heading', { name: 'POSIX object' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#detail').waitFor({ state: 'hidden' });
  });

  it('has room for what it shows, from 360 to 3840 pixels', async (t) => {
    // Its verdict is the longest word, unknown, and so is its share: a limit of nothing is full.
    const queue = makeQueue(t, 0);
    const { url } = await serve(t);
    const page = await open(t, url);
    await page.fill('#filter', queue.name);
    await page.locator(`#queue-${queue.id} .c-verdict`, { hasText: /^unknown$/ }).waitFor();
    await page.locator(`#queue-${queue.id} .c-full`, { hasText: /^100%$/ }).waitFor();
    for (const width of [360, 414, 560, 620, 680, 768, 800, 930, 1024, 1130, 1280, 1920, 2560, 3840]) {
      await page.setViewportSize({ width, height: Math.round(width * 0.56) });
      const cramped = await page.evaluate(`[...document.querySelectorAll(
          '#queues th button, #queues tr[data-id] td, #usage .number, h1, #connection')]
        .filter((element) => element.offsetParent !== null && element.scrollWidth > element.clientWidth)
        .map((element) => element.className + ' ' + element.textContent)`);
      assert.deepEqual(cramped, [], `${width} pixels`);
      const [spark, list, wider] = await page.evaluate<[number, number, boolean]>(`[
        document.querySelector('#queues tr[data-id] .spark').getBoundingClientRect().width,
        document.querySelector('#list').getBoundingClientRect().width,
        document.documentElement.scrollWidth > innerWidth]`);
      assert.ok(spark === 0 || spark >= 70, `${width} pixels: ${spark} for a sparkline`);
      // Eyes do not follow a row across a whole 4K screen.
      assert.ok(list <= 2200, `${width} pixels: ${list} for a row`);
      assert.equal(wider, false, `${width} pixels`);
    }
  });

  it('moves nothing that is shown while its content comes, and keeps all buttons in view', async (t) => {
    const queue = makeQueue(t);
    const { url } = await serveChanges(t);
    for (const width of [360, 800, 1280]) {
      const context = await browser.newContext({ viewport: { width, height: 740 } });
      atEnd(t, () => context.close());
      const page = await context.newPage();
      // What the browser itself counts; 0.1 is what web.dev calls good.
      await page.addInitScript(`moved = 0; new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) moved += value; }).observe({ type: 'layout-shift', buffered: true });`);
      await page.goto(`${url}#queue/${queue.id}`);
      await page.locator('#detail .facts').waitFor();
      await page.goto(url);
      await page.locator('tr[data-id]').first().waitFor();
      const moved = await page.evaluate<number>('moved');
      assert.ok(moved < 0.02, `${width} pixels: ${moved}`);
      await page.evaluate(`location.hash = 'queue/${queue.id}'`);
      await page.locator('#detail .facts').waitFor();
      for (const name of ['Send…', 'Remove…', 'Close']) {
        const box = await page.locator('#detail').getByRole('button', { name }).boundingBox();
        assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width, `${width} pixels: ${name}`);
      }
    }
  });

  it('passes axe, light and dark, wide and narrow, with a queue open and without', async (t) => {
    const queue = makeQueue(t);
    queue.trySend(1, 'hello');
    const { url } = await serve(t);
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [1400, 360]) {
        const page = await open(t, url, { colorScheme, viewport: { width, height: 800 } });
        await page.evaluate(axe);
        const problems = async (): Promise<string[]> =>
          await page.evaluate(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
            .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html)))`);
        assert.deepEqual(await problems(), [], `${colorScheme}, ${width}`);
        await page.evaluate(`location.hash = 'queue/${queue.id}'`);
        await page.locator('#detail .messages').waitFor();
        assert.deepEqual(await problems(), [], `${colorScheme}, ${width}, with a queue`);
        await page.evaluate(`location.hash = 'segments'`);
        await page.locator('#detail .objects, #detail .note').waitFor();
        assert.deepEqual(await problems(), [], `${colorScheme}, ${width}, with the segments`);
        const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
        assert.equal(wider, false, `${width} pixels are enough`);
      }
    }
  });
});
