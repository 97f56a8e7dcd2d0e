import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { queueAt } from '../helpers/kernel-table.js';
import { run } from '../helpers/process.js';
import { commandOf, freeze, ownServer, startTimeClient, untilMessages } from './support.js';

test('a reader that goes away ends it quietly', async (t) => {
  const { key } = await ownServer(t);
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
    const { key } = await ownServer(t);
    const words = ['-c', 'exec "$@" >/dev/full', 'sh', process.execPath, ...commandOf(key, ['now'])];
    const { code, stderr } = await run(t, 'sh', words);
    assert.equal(code, 1);
    assert.match(stderr, /^time-client: the output could not be written: ENOSPC.*\n$/);
  },
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} ends a wait at once, by that signal, without a word`, async (t) => {
    const { key, server } = await ownServer(t);
    await freeze(server);
    const client = startTimeClient(t, key, ['now']);
    await untilMessages(key, 1);
    const exit = await client.killed(signal);
    assert.equal(exit.signal, signal);
    assert.equal(exit.stdout + exit.stderr, '');
    assert.equal(queueAt(key)?.['qnum'], 1);
  });
}
