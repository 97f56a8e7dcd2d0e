import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { ftok, MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freshType } from '../helpers/keys.js';
import { removeAllAt } from '../helpers/tracking.js';
import { runExample, startExample } from './example.js';

test('add(5, 3) is called in another process, and so is a procedure that fails', async (t) => {
  const { code, stdout, stderr } = await runExample(t, ['rpc']);
  assert.equal(stderr, '');
  assert.equal(code, 0);
  assert.equal(stdout, 'add(5, 3) = 8\ndivide(1, 0) failed: division by zero (code -32000)\n');
});

const calls: [call: string[], code: number, stdout: string][] = [
  [['divide', '22', '-8'], 0, 'divide(22, -8) = -2.75\n'],
  [['add', '5', 'three'], 1, 'add(5, "three") failed: two numbers are wanted (code -32602)\n'],
  [['add', '5'], 1, 'add(5) failed: two numbers are wanted (code -32602)\n'],
  [['power', '2', '3'], 1, 'power(2, 3) failed: there is no procedure "power" (code -32601)\n'],
  [['constructor'], 1, 'constructor() failed: there is no procedure "constructor" (code -32601)\n'],
];
for (const [call, wanted, output] of calls) {
  test(`a call of one's own: ${call.join(' ')}`, async (t) => {
    const { code, stdout, stderr } = await runExample(t, ['rpc', ...call]);
    assert.deepEqual([stderr, stdout, code], ['', output, wanted]);
  });
}

/** A server, and a function that sends it a request as it is and returns the reply as it is. */
async function startServer(t: TestContext): Promise<(text: string) => Promise<unknown>> {
  const path = temporaryFolder(t);
  const keys = [ftok(path, 1), ftok(path, 2)] as const;
  atEnd(t, () => {
    keys.forEach(removeAllAt);
  });
  const manager = startExample(t, ['shared-objects', 'manager', path]);
  await manager.waitFor('holds the objects');
  const [requests, replies] = [MessageQueue.open(keys[0]), MessageQueue.open(keys[1])];
  atEnd(t, () => {
    requests.close();
    replies.close();
  });
  return async (text) => {
    const type = freshType();
    await requests.send(type, text);
    return JSON.parse((await replies.receive({ type })).body.toString());
  };
}

function request(id: number, method: string, ...params: unknown[]): string {
  return JSON.stringify({ jsonrpc: '2.0', id, method, params });
}

test('the server speaks JSON-RPC 2.0: errors have the codes of the specification', async (t) => {
  const exchange = await startServer(t);
  const codeOf = async (text: string): Promise<unknown> => {
    const { id, error } = (await exchange(text)) as { id: unknown; error: { code: number } };
    return [id, error.code];
  };
  assert.deepEqual(await codeOf('{"jsonrpc": "2.0", "method"'), [null, -32700]);
  assert.deepEqual(await codeOf(''), [null, -32700]);
  assert.deepEqual(await codeOf('[]'), [null, -32600]);
  assert.deepEqual(await codeOf('1'), [null, -32600]);
  assert.deepEqual(await codeOf('{"jsonrpc": "1.0", "method": "map.get", "id": 4}'), [null, -32600]);
  assert.deepEqual(await codeOf('{"jsonrpc": "2.0", "method": 1, "id": 4}'), [null, -32600]);
  assert.deepEqual(await codeOf(request(7, 'map.toString', 'a')), [7, -32601]);
  assert.deepEqual(
    await codeOf('{"jsonrpc": "2.0", "method": "map.get", "params": {"name": "a"}, "id": "x"}'),
    ['x', -32602],
  );
  assert.deepEqual(await codeOf(request(8, 'map.add', 'a', 'key', 'one')), [8, -32602]);
});

test('the server answers batches, and notifications with nothing', async (t) => {
  const exchange = await startServer(t);
  const notification = JSON.stringify({ jsonrpc: '2.0', method: 'list.push', params: ['l', 'quiet'] });
  const batch = `[${request(1, 'list.push', 'l', 'loud')}, ${notification}, 3, ${request(2, 'list.all', 'l')}]`;
  assert.deepEqual(await exchange(batch), [
    { jsonrpc: '2.0', id: 1, result: 1 },
    {
      jsonrpc: '2.0',
      id: null,
      error: { code: -32600, message: 'not a JSON-RPC 2.0 request: it is not an object' },
    },
    { jsonrpc: '2.0', id: 2, result: ['loud', 'quiet'] },
  ]);
});

test('a result that is too large for a message is an error for its caller, not the end of the server', async (t) => {
  const exchange = await startServer(t);
  for (let index = 0; index < 3; index++) {
    await exchange(request(index, 'list.push', 'l', 'x'.repeat(MessageQueue.limits().maxMessageBytes / 2)));
  }
  const { error } = (await exchange(request(9, 'list.all', 'l'))) as {
    error: { code: number; message: string };
  };
  assert.deepEqual(error, { code: -32603, message: 'the result is too large for a message' });
  assert.deepEqual(await exchange(request(10, 'list.at', 'other', 0)), {
    jsonrpc: '2.0',
    id: 10,
    result: null,
  });
});
