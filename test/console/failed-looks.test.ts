import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test, type TestContext } from 'node:test';
import { Console } from '@timeq/console/server';
import type { Source } from '@timeq/console/source';
import { atEnd } from '../helpers/cleanup.js';
import { deadline, until } from '../helpers/deadline.js';
import { root } from '../helpers/node.js';
import { ask } from './server.js';

const hello = { version: '0', host: 'h', user: 'u', interval: 100, allowsChanges: false };

/** Serves a machine that can't be looked at until `mended` is set. */
async function serveBroken(t: TestContext) {
  const state = { mended: false, failures: [] as string[] };
  const look = (): void => {
    if (!state.mended) throw new Error('EMFILE: too many open files');
  };
  const source: Source = {
    hello,
    look() {
      look();
      return { time: Date.now(), queues: [], overview: { usage: [], warnings: [], blockedKnown: true } };
    },
    queue() {
      look();
      return undefined;
    },
    objects() {
      look();
      return { objects: [], leftOut: 0, absent: [] };
    },
    async servers() {
      await Promise.resolve();
      look();
      return { time: Date.now(), servers: [], leftOut: 0 };
    },
  };
  const served = await Console.start({
    source,
    page: pathToFileURL(`${join(root, 'packages', 'ipctools', 'build', 'page')}/`),
    token: 'token',
    host: '127.0.0.1',
    port: 0,
    failed: (error) => {
      state.failures.push((error as Error).message);
      return 'It could not be looked at.';
    },
  });
  atEnd(t, () => served.close());
  return { state, url: `http://127.0.0.1:${served.port}/token/` };
}

test('a look that fails is told to who asked, and ends nothing', async (t) => {
  const { state, url } = await serveBroken(t);
  for (const path of ['servers', 'posix', 'queues/5']) {
    const { status, body } = await deadline(ask(`${url}${path}`), `an answer to ${path}`);
    assert.deepEqual([status, body], [500, 'It could not be looked at.\n'], path);
  }
  assert.equal(state.failures.length, 3);
  state.mended = true;
  assert.deepEqual(
    await Promise.all(
      ['servers', 'posix', 'queues/5'].map(async (path) => (await ask(`${url}${path}`)).status),
    ),
    [200, 200, 404],
  );
});

test('a sample that fails is tried again, and those who look wait for it', async (t) => {
  const { state, url } = await serveBroken(t);
  const response = await fetch(`${url}events`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  assert.ok(reader);
  await until(() => state.failures.length > 2, 'some samples');
  state.mended = true;
  let text = '';
  while (!text.includes('"overview":')) text += (await deadline(reader.read(), 'a sample')).value ?? '';
  assert.match(text, /"queues":\[\]/);
  await reader.cancel();
});

test('a page that has its script need not wait for the look that it will ask for', async (t) => {
  const { state, url } = await serveBroken(t);
  assert.equal((await ask(url)).status, 200);
  assert.equal((await ask(`${url}page.js`)).status, 200);
  await until(() => state.failures.length > 0, 'a look');
});
