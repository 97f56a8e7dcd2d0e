import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { IpcError, Liveness, MessageQueue, SemaphoreSet } from '@timeq/mq-native';
import { TimeServer } from '@timeq/time-server';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { interpose } from '../helpers/interpose.js';
import { untilBlocked } from '../helpers/threads.js';
import { bin, root, runSnippet, specifier, startNode } from '../helpers/node.js';
import { startServer } from './server.js';

const STRANGER = 54_321;

test('a semaphore that a stranger makes right before the claim is refused, and left as it was', async (t) => {
  const key = freshKey(t);
  const claim = Liveness.claim.bind(Liveness);
  t.mock.method(Liveness, 'claim', (...words: Parameters<typeof claim>) => {
    using set = SemaphoreSet.create(key, { count: 1, mode: 0o666 });
    set.set({ uid: STRANGER });
    return claim(...words);
  });
  await assert.rejects(TimeServer.start({ key }), { code: 'FOREIGN' });
  using set = SemaphoreSet.open(key);
  assert.deepEqual([set.value(0), semaphoresAt(key)?.['uid']], [0, STRANGER]);
  assert.equal(queueAt(key), undefined);
});

/** No object of this kind can be given to a group. */
function refuseGroups(t: TestContext, kind: typeof MessageQueue | typeof SemaphoreSet): void {
  const EPERM = 1;
  t.mock.method(kind.prototype, 'set', ({ gid }: { readonly gid?: number }) => {
    if (gid === undefined) return;
    throw new IpcError(EPERM, { syscall: 'semctl', object: 'semaphore set' });
  });
}

for (const [name, kind] of [
  ['semaphore', SemaphoreSet],
  ['queue', MessageQueue],
] as const) {
  test(`when its ${name} cannot be given to the group the server leaves nothing behind`, async (t) => {
    const key = freshKey(t);
    refuseGroups(t, kind);
    await assert.rejects(TimeServer.start({ key, gid: 54_322, mode: 0o660 }), /EPERM|not permitted/i);
    assert.deepEqual([semaphoresAt(key), queueAt(key)], [undefined, undefined]);
  });
}

test('a queue that is removed between two calls is created', async (t) => {
  const key = freshKey(t);
  interpose(
    t,
    MessageQueue,
    'create',
    ({ go }) => {
      const other = MessageQueue.openOrCreate(key);
      try {
        return go();
      } finally {
        other.remove();
      }
    },
    1,
  );
  await using server = await TimeServer.start({ key, lingerMs: 0 });
  assert.equal(queueAt(key)?.['msqid'], server.queueId);
});

test('a server that is quicker is named, and not taken for another program', async (t) => {
  const key = freshKey(t);
  using queue = MessageQueue.create(key);
  queue.trySend(7, 'as another program leaves it');
  let other: Liveness | undefined;
  interpose(
    t,
    MessageQueue,
    'open',
    ({ go }) => {
      other = Liveness.claim(key, { mode: 0o600 });
      return go();
    },
    1,
  );
  const { pid } = process;
  await assert.rejects(TimeServer.start({ key }), {
    code: 'HELD',
    message: new RegExp(`by pid ${pid} already`),
  });
  other?.release();
  assert.equal(queue.stat().messages, 1);
});

test('with --takeover a server waits until the one before it has ended', async (t) => {
  const key = freshKey(t);
  const first = await startServer(t, key);
  first.kill('SIGSTOP');
  const second = startNode(t, [bin('time-server'), '--key', String(key), '--takeover']);
  await second.waitFor(`asking pid ${first.pid}`);
  await untilBlocked('semtimedop', second.pid);
  first.kill('SIGCONT');
  await second.waitFor('listening');
  assert.equal((await first.exit()).code, 0);
});

test('a server that does not end for --takeover in time is left alone, with exit code 4', async (t) => {
  const key = freshKey(t);
  const first = await startServer(t, key);
  first.kill('SIGSTOP');
  // Ten seconds are over at once.
  const source = `
    import { main } from ${specifier(`${root}packages/time-server/dist/cli/main.js`)};
    AbortSignal.timeout = () => AbortSignal.abort();
    process.exitCode = await main(['--key', process.argv[1], '--takeover']);`;
  const { code, stderr } = await runSnippet(t, source, [key]);
  assert.equal(code, 4, stderr);
  assert.match(stderr, new RegExp(`pid ${first.pid} still serves key .*kill -CONT ${first.pid}`));
  first.kill('SIGCONT');
  // It was asked to end.
  assert.equal((await first.exit()).code, 0);
});
