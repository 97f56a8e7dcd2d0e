import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { newQueue } from './queue.js';
import { ipctools } from './support.js';

function peeker(t: TestContext): (...words: string[]) => Promise<string> {
  const { name } = newQueue(t, [5, 'hello'], [2, 'two\u001b\n'], [2n ** 63n - 1n, Buffer.from([0, 255])]);
  return async (...words) => {
    const { code, stdout, stderr } = await ipctools(t, ['peek', name, ...words]);
    assert.deepEqual([stderr, code], ['', 0]);
    return stdout;
  };
}

test('messages are printed in the order of the queue, one line each', async (t) => {
  const peek = peeker(t);
  assert.equal(
    await peek(),
    [
      '               TYPE  BYTES  BODY',
      '                  5      5  hello',
      '                  2      5  two\\x1b\\n',
      '9223372036854775807      2  \\x00\\xff\n',
    ].join('\n'),
  );
});

test('a type selects as in receive, and --limit ends early', async (t) => {
  const peek = peeker(t);
  const types = async (...words: string[]) =>
    [...(await peek('--format', 'json', ...words)).matchAll(/"type":"?(\d+)/g)].map(([, type]) => type);
  assert.deepEqual(await types('--type', '2'), ['2']);
  assert.deepEqual(await types('--type', '-5'), ['5', '2']);
  assert.deepEqual(await types('--type', '9223372036854775807'), ['9223372036854775807']);
  assert.deepEqual(await types('--type', '7'), []);
  assert.deepEqual(await types('--limit', '2'), ['5', '2']);
});

test('bodies are printed as a hex dump, base64 and JSON', async (t) => {
  const peek = peeker(t);
  assert.equal(
    await peek('--format', 'hex', '--limit', '1'),
    'type 5, 5 bytes\n  00000000  68 65 6c 6c 6f                                    |hello|\n',
  );
  assert.match(await peek('--format', 'base64'), /\n +5 +5 {2}aGVsbG8=\n/);
  const lines = (await peek('--format', 'json')).trimEnd().split('\n');
  assert.deepEqual(lines, [
    '{"type":5,"body":"hello"}',
    '{"type":2,"body":"two\\u001b\\n"}',
    '{"type":"9223372036854775807","base64":"AP8="}',
  ]);
  const document = JSON.parse(await peek('--json')) as { messages: unknown[] };
  assert.deepEqual(
    document.messages,
    lines.map((line) => JSON.parse(line) as unknown),
  );
  assert.deepEqual(JSON.parse(await peek('--json', '--type', '7')), { messages: [] });
});
