import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { ask, serve, serveChanges } from './server.js';

test('only the page itself may change something', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const { url } = await serveChanges(t);
  const { origin, host } = new URL(url);
  const json = { 'content-type': 'application/json' };
  const text = JSON.stringify({ verb: 'send', id: queue.id, type: '1', body: 'x', mark: '' });
  for (const headers of [
    json,
    { ...json, origin: 'http://attacker.example' },
    { ...json, origin: 'null' },
    { ...json, origin: `http://localhost:1` },
    { origin },
    { origin, 'content-type': 'text/plain' },
    { origin, 'content-type': 'application/x-www-form-urlencoded' },
    { ...json, origin, 'sec-fetch-site': 'cross-site' },
  ]) {
    for (const path of ['backups', 'plan', 'do']) {
      const { status } = await ask(`${url}changes/${path}`, headers, 'POST', text);
      assert.equal(status, 403, JSON.stringify(headers));
    }
  }
  const without = await ask(`http://${host}/changes/plan`, { ...json, origin }, 'POST', text);
  assert.equal(without.status, 401);
  assert.equal(queue.stat().messages, 0);
});

test('a command is carried out only with the mark of what was shown', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const { url } = await serveChanges(t);
  const { origin } = new URL(url);
  const post = async (path: string, fields: unknown): Promise<{ status: number | undefined; body: string }> =>
    await ask(
      `${url}changes/${path}`,
      { 'content-type': 'application/json', origin },
      'POST',
      typeof fields === 'string' ? fields : JSON.stringify(fields),
    );
  const send = { verb: 'send', id: queue.id, type: '1', body: 'x' };
  const { mark } = JSON.parse((await post('plan', send)).body) as { mark: string };
  const refused = { done: false, lines: ['it has changed since it was shown; nothing done: look again'] };
  assert.deepEqual(JSON.parse((await post('do', { ...send, mark: '' })).body), refused);
  assert.deepEqual(JSON.parse((await post('do', { ...send, body: 'y', mark })).body), refused);
  assert.equal(queue.stat().messages, 0);
  for (const [fields, sentence] of [
    [{ ...send, type: '0' }, "message type 0 can't be sent; types start at 1"],
    [{ verb: 'remove', id: 2 ** 31 - 1 }, 'no queue has id 2147483647'],
    [
      { verb: 'restore', backup: '../../etc/passwd' },
      'there is no backup ../../etc/passwd; `ipctools backups` lists them',
    ],
  ] as const) {
    const answer = await post('plan', fields);
    assert.deepEqual(JSON.parse(answer.body), { lines: [], refusals: [sentence], mark: '' });
  }
  for (const fields of [
    '',
    '[',
    'null',
    '7',
    {},
    { verb: 'remove' },
    { verb: 'remove', id: '5' },
    { ...send, id: -1 },
  ]) {
    const { status, body } = await post('plan', fields);
    assert.deepEqual([status, body], [400, 'This is not a command of the page.\n'], JSON.stringify(fields));
  }
  assert.deepEqual(JSON.parse((await post('do', { ...send, mark })).body), {
    done: true,
    lines: [`sent to queue ${queue.id} (key 0x${(queue.stat().key >>> 0).toString(16).padStart(8, '0')})`],
  });
  assert.equal(queue.stat().messages, 1);
});

test('without --allow-changes there is none', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  const { url } = await serve(t);
  const headers = { 'content-type': 'application/json', origin: new URL(url).origin };
  const { status, body } = await ask(
    `${url}changes/plan`,
    headers,
    'POST',
    JSON.stringify({ verb: 'remove', id: queue.id }),
  );
  assert.deepEqual([status, body], [405, 'This page only reads.\n']);
});
