import assert from 'node:assert/strict';
import test from 'node:test';
import { ClientError, TimeClient } from '@timeq/time-client';
import { TimeServer } from '@timeq/time-server';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';

test('await using ends a server and its client at the end of the block', async (t) => {
  const key = freshKey(t);
  let used: TimeClient;
  {
    await using server = await TimeServer.start({ key });
    await using client = TimeClient.connect(server.key);
    used = client;
    assert.equal((await client.now()).dialect, 'addressed');
    assert.notEqual(queueAt(key), undefined);
  }
  assert.equal(queueAt(key), undefined);
  await assert.rejects(used.now(), (error) => error instanceof ClientError && error.code === 'CLOSED');
});

test('a server that has stopped can be disposed of as well', async (t) => {
  const server = await TimeServer.start({ key: freshKey(t) });
  server.stop('enough');
  await server[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
