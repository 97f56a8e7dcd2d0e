import assert from 'node:assert/strict';
import test from 'node:test';
import { freshKey } from '../helpers/keys.js';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { skipWithoutPidNamespaces } from '../helpers/namespace.js';
import { bin } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { ownServer, startServer } from './server.js';

/** The pids of another namespace cannot be seen, and objects can: so it is where containers share those. */
const unshare = ['--pid', '--fork', '--kill-child'];

test(
  'a server that cannot be seen from here is not ended with --takeover, and nothing else is',
  { skip: skipWithoutPidNamespaces() },
  async (t) => {
    const { key, server } = await ownServer(t);
    const command = [process.execPath, bin('time-server'), '--key', String(key), '--takeover'];
    // In a session of its own: pid 0 would be its whole group.
    const { code, signal, stderr } = await run(t, 'setsid', ['-w', 'unshare', ...unshare, ...command]);
    assert.deepEqual([code, signal], [3, null]);
    assert.match(
      stderr,
      /is served by a process of another pid namespace already, which cannot be asked to end from here/,
    );
    assert.equal((await server.killed('SIGTERM')).code, 0);
  },
);

test('a server that has lost its key to another while it slept does not take it back', async (t) => {
  const key = freshKey(t);
  const first = await startServer(t, key);
  first.kill('SIGSTOP');
  const ids = [semaphoresAt(key)?.['semid'], queueAt(key)?.['msqid']];
  await run(t, 'ipcrm', ['-s', String(ids[0]), '-q', String(ids[1])]);
  const second = await startServer(t, key);
  const own = [semaphoresAt(key)?.['semid'], queueAt(key)?.['msqid']];
  const { code, stderr } = await first.killed('SIGCONT');
  assert.equal(code, 3, stderr);
  assert.match(stderr, new RegExp(`is served by pid ${second.pid} already`));
  assert.deepEqual([semaphoresAt(key)?.['semid'], queueAt(key)?.['msqid']], own);
});
