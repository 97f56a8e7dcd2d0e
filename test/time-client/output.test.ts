import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { run } from '../helpers/process.js';
import { commandOf, freeze, startServer, startTimeClient, untilMessages } from './support.js';

test('a reader that goes away ends it quietly', async (t) => {
  const key = freshKey(t);
  await startServer(t, key);
  const watch = startTimeClient(t, key, ['watch', '--interval', '1ms']);
  await watch.nextLine();
  watch.closeOutput('stdout');
  const { code, signal, stderr } = await watch.exit();
  assert.equal(stderr, '');
  assert.equal(signal, null);
  assert.equal(code, 0);
});

test(
  'a full disk is told in one sentence',
  { skip: !existsSync('/dev/full') && 'no /dev/full' },
  async (t) => {
    const key = freshKey(t);
    await startServer(t, key);
    const words = ['-c', 'exec "$@" >/dev/full', 'sh', process.execPath, ...commandOf(key, ['now'])];
    const { code, stderr } = await run(t, 'sh', words);
    assert.equal(code, 1);
    assert.match(stderr, /^time-client: the output could not be written: ENOSPC.*\n$/);
  },
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends a wait at once, by that signal, without a word`, async (t) => {
    const key = freshKey(t);
    const server = await startServer(t, key);
    await freeze(server);
    const client = startTimeClient(t, key, ['now']);
    await untilMessages(key, 1);
    client.kill(signal);
    const exit = await client.exit();
    assert.equal(exit.signal, signal);
    assert.equal(exit.stdout + exit.stderr, '');
    assert.equal(queueAt(key)?.['qnum'], 1);
  });
}
