import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { temporaryFolder } from '../helpers/folder.js';
import type { Exit } from '../helpers/process.js';
import { interpose } from '../helpers/interpose.js';
import { contents, newQueue } from './queue.js';
import { ipctools } from './support.js';
import { takeListed } from '#ipctools/moving/purge';

interface Scene {
  readonly queue: MessageQueue;
  readonly name: string;
  readonly backups: string;
  readonly run: (...words: string[]) => Promise<Exit>;
}

function scene(t: TestContext, ...messages: (readonly [type: number, body: string])[]): Scene {
  const { queue, name } = newQueue(t, ...messages);
  const state = temporaryFolder(t);
  const run = (...words: string[]): Promise<Exit> =>
    ipctools(t, words, { env: { XDG_STATE_HOME: state }, input: '' });
  return { queue, name, backups: `${state}/timeq/backups`, run };
}

test('purge takes everything, after a copy that restore brings back', async (t) => {
  const { queue, name, backups, run } = scene(t, [1, 'one'], [7, 'two'], [1, 'three']);
  const { code, stdout } = await run('purge', name, '--yes');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^TYPE +MESSAGES +BYTES\n +1 +2 +8\n +7 +1 +3\npurged 3 messages\nthe backup of 3 messages is in /,
  );
  assert.equal(queue.stat().messages, 0);
  const [file = ''] = readdirSync(backups);
  assert.match(file, /-purge-/);
  assert.equal((await run('restore', file)).code, 0);
  assert.deepEqual(contents(queue), ['1 one', '7 two', '1 three']);
});

test('--type chooses as peek does, and the others stay in their order', async (t) => {
  const { queue, name, run } = scene(t, [5, 'a'], [7, 'b'], [5, 'c'], [2, 'd'], [9, 'e']);
  assert.match((await run('purge', name, '--type', '5', '-y')).stdout, /purged 2 messages/);
  assert.deepEqual(contents(queue), ['7 b', '2 d', '9 e']);
  assert.match((await run('purge', name, '--type', '-7', '-y')).stdout, /purged 2 messages/);
  assert.deepEqual(contents(queue), ['9 e']);
});

test('it asks first, and --dry-run takes nothing and makes no copy', async (t) => {
  const { queue, name, backups, run } = scene(t, [1, 'one']);
  const refused = await run('purge', name);
  assert.deepEqual(
    [refused.code, refused.stderr],
    [3, 'ipctools: cannot ask without a terminal; nothing done (--yes skips the question)\n'],
  );
  const dry = await run('purge', name, '--dry-run');
  assert.match(dry.stdout, /would purge 1 message \(3 bytes\); nothing done\n$/);
  assert.equal(queue.stat().messages, 1);
  assert.throws(() => readdirSync(backups), { code: 'ENOENT' });
  const json = await run('purge', name, '--yes', '--no-backup', '--json');
  assert.match(json.stderr, /--no-backup purges without a copy/);
  assert.deepEqual(JSON.parse(json.stdout), {
    purge: {
      dryRun: false,
      queue: { id: queue.id, key: queue.key },
      messages: 1,
      bytes: 3,
      types: [{ type: 1, messages: 1, bytes: 3 }],
      purged: 1,
      backup: null,
    },
  });
  assert.match((await run('purge', name)).stdout, /^purged 0 messages\n$/);
});

test('--older-than refuses where the last message is younger: no message has a time of its own', async (t) => {
  const { queue, name, run } = scene(t, [1, 'one']);
  const { code, stderr } = await run('purge', name, '--older-than', '1d', '--yes');
  assert.equal(code, 3);
  assert.match(
    stderr,
    /^ipctools: queue \d+ \(key \w+\) got a message \d+\w ago, and the kernel keeps no time for each: --older-than 1d purges only if the last one is that old; nothing done\n$/,
  );
  assert.equal(queue.stat().messages, 1);
  assert.match((await run('purge', name, '--older-than', '0', '--yes')).stdout, /purged 1 message\n/);
});

test('a copy that cannot be written leaves everything where it is', async (t) => {
  const { queue, name, backups, run } = scene(t, [1, 'one']);
  const { code } = await run('purge', name, '--yes', '--backup', `${backups}/no/such/folder`);
  assert.equal(code, 1);
  assert.equal(queue.stat().messages, 1);
});

test('a message that came after the list is not purged, even if others have taken listed ones', (t) => {
  const { queue } = scene(t, [1, 'one'], [1, 'two'], [2, 'other']);
  const listed = [...queue.peekAll()];
  interpose(
    t,
    MessageQueue.prototype,
    'tryReceive',
    ({ go }) => {
      queue.trySend(1, 'later');
      queue.receiveBatch({ max: 2, type: 1 });
      return go();
    },
    1,
  );
  const { taken, later } = takeListed(queue, listed);
  assert.deepEqual([taken, later.map(({ body }) => body.toString())], [1, ['later']]);
  assert.equal(queue.stat().messages, 0);
});

test('a listed message that others took does not stop the purge of those behind it', (t) => {
  const { queue } = scene(t, [1, 'one'], [1, 'two'], [1, 'three']);
  const listed = [...queue.peekAll()];
  queue.tryReceive();
  assert.deepEqual(takeListed(queue, listed), { taken: 2, later: [] });
});
