import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { root, runSnippet, specifier, startSnippet } from '../helpers/node.js';
import type { Exit } from '../helpers/process.js';
import { skipWithoutOtherUsers } from '../helpers/users.js';
import {
  ASCTIME,
  askClassic,
  askStatus,
  makeQueue,
  openQueue,
  ownServer,
  receive,
  startServer,
} from './server.js';

const skipWithoutNobody = skipWithoutOtherUsers();

/** The code is loaded first, as long as the process may read the files. */
const AS_NOBODY = `
  import { main } from ${specifier(`${root}packages/time-server/dist/cli/main.js`)};
  process.setgroups([]);
  process.setgid(65534);
  process.setuid(65534);
  process.exitCode = await main(['--key', ...process.argv.slice(1)]);`;

test('the queue has the mode that was asked for, and 0600 if none was', async (t) => {
  const { key } = await ownServer(t);
  assert.equal(queueAt(key)?.['perms'], 0o600);
  const shared = freshKey(t);
  await startServer(t, shared, ['--mode', '666']);
  assert.equal(queueAt(shared)?.['perms'], 0o666);
  assert.equal((await askStatus(openQueue(t, shared))).queue?.mode, '0666');
});

test(
  'queue and semaphore belong to the group that was asked for, by name or by number',
  { skip: skipWithoutNobody },
  async (t) => {
    for (const group of ['1', 'daemon']) {
      const { key } = await ownServer(t, ['--group', group, '--mode', '0660']);
      assert.equal(queueAt(key)?.['gid'], 1);
      assert.equal(semaphoresAt(key)?.['gid'], 1);
    }
  },
);

test('a mode that shuts some clients out is warned of', async (t) => {
  const readable = await startServer(t, freshKey(t), ['--mode', '0640']);
  await readable.waitFor('warning: mode 0640 lets the group read but not write: they cannot ask\n', 'stderr');
  const writable = await startServer(t, freshKey(t), ['--mode', '0622']);
  await writable.waitFor(
    'warning: mode 0622 lets the group write but not read: they never see a reply\n',
    'stderr',
  );
});

test('a mode that shuts out all clients is warned of', { skip: skipWithoutNobody }, async (t) => {
  const server = await startServer(t, freshKey(t), ['--mode', '0400']);
  await server.waitFor("warning: mode 0400 shuts out every client but root's", 'stderr');
});

test('a group without permissions is warned of', async (t) => {
  const gid = String(process.getgid?.() ?? 0);
  const server = await startServer(t, freshKey(t), ['--group', gid]);
  await server.waitFor(
    /warning: mode 0600 shuts out the group that the queue was given to: 0660 lets it in\n/,
    'stderr',
  );
});

test('an adopted queue gets the mode that was asked for', async (t) => {
  const key = freshKey(t);
  const queue = makeQueue(t, key, 0o644);
  await startServer(t, key, ['--mode', '0660']);
  assert.equal(queueAt(key)?.['perms'], 0o660);
  assert.match(await askClassic(queue), ASCTIME);
});

test(
  'a queue of another user is refused with the next step to take',
  { skip: skipWithoutNobody },
  async (t) => {
    const key = freshKey(t);
    const queue = MessageQueue.create(key, { mode: 0o600 });
    queue.close();
    for (const options of [[], ['--takeover']]) {
      const { code, stdout, stderr } = await runAsNobody(t, key, options);
      assert.equal(code, 5, stderr);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        /^time-server: cannot [^\n]*EACCES[^\n]*: choose another --key, or run as the owner of what is there\n$/,
      );
    }
    assert.equal(semaphoresAt(key), undefined);
    assert.equal(queueAt(key)?.['perms'], 0o600);
  },
);

test('a server of another user is named, and can’t be taken over', { skip: skipWithoutNobody }, async (t) => {
  const { key, server } = await ownServer(t, ['--mode', '0666']);
  const held = await runAsNobody(t, key, []);
  assert.equal(held.code, 3, held.stderr);
  assert.match(held.stderr, new RegExp(`is served by pid ${server.pid} already`));
  const takeover = await runAsNobody(t, key, ['--takeover']);
  assert.equal(takeover.code, 5, takeover.stderr);
  assert.match(
    takeover.stderr,
    new RegExp(`pid ${server.pid}, which serves key .*, belongs to another user: run as that user\n$`),
  );
});

test(
  'a server of another user that no other user may see is refused',
  { skip: skipWithoutNobody },
  async (t) => {
    const { key } = await ownServer(t);
    const { code, stderr } = await runAsNobody(t, key, []);
    assert.equal(code, 5, stderr);
    assert.match(
      stderr,
      /^time-server: another user holds key .* with a semaphore that this user may not read: choose another --key, .*\n$/,
    );
  },
);

test(
  'a queue of another user that was taken over stays at the end, and the server says so',
  { skip: skipWithoutNobody },
  async (t) => {
    const key = freshKey(t);
    const queue = makeQueue(t, key, 0o666);
    await queue.send(1, '');
    const server = startSnippet(t, AS_NOBODY, [key, '--takeover']);
    await server.waitFor(/warning: the queue belongs to uid 0 and keeps its mode 0666/, 'stderr');
    await receive(queue, 3);
    await queue.send(2, '');
    const { code, stderr } = await server.exit();
    assert.equal(code, 5, stderr);
    assert.match(
      stderr,
      /stopped, but the queue at key .* stays \(EPERM: .*\): its owner can remove it with "ipcrm -Q 0x[0-9a-f]{8}"\n$/,
    );
    assert.notEqual(queueAt(key), undefined);
    assert.equal(semaphoresAt(key), undefined);
  },
);

test(
  'a server that may not read its queue any more ends, and says why',
  { skip: skipWithoutNobody },
  async (t) => {
    const key = freshKey(t);
    const queue = makeQueue(t, key, 0o666);
    const server = startSnippet(t, AS_NOBODY, [key, '--takeover']);
    await server.waitFor('listening');
    queue.set({ mode: 0o600 });
    await queue.send(1, '');
    const { code, stderr } = await server.exit();
    assert.equal(code, 5, stderr);
    assert.match(
      stderr,
      /cannot go on serving key .* \(EACCES: .*\): the queue belongs to another user now, or .*\n$/,
    );
  },
);

async function runAsNobody(t: TestContext, key: number, options: readonly string[]): Promise<Exit> {
  return await runSnippet(t, AS_NOBODY, [key, ...options]);
}
