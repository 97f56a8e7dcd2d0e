import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import { Liveness, MessageQueue } from '@timeq/mq-native';
import { until } from '../helpers/deadline.js';
import { temporaryFolder } from '../helpers/folder.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { bin } from '../helpers/node.js';
import { run, start } from '../helpers/process.js';
import { unshare } from '../helpers/namespace.js';
import { Askers } from './askers.js';
import type { Fault } from './fault.js';

/** Every write to it fails with ENOSPC (full(4)). */
const INTO_FULL_DISK = 'exec "$@" >/dev/full 2>/dev/full';

export const logDiskFull: Fault = {
  name: 'log-disk-full',
  title: 'a server whose log goes to a full disk keeps answering, and shuts down cleanly',
  async run(t, { long }) {
    const removals = long ? 200 : 10;
    const key = freshKey(t);
    const command = [process.execPath, bin('time-server'), '--key', String(key)];
    const server = start(t, 'sh', ['-c', INTO_FULL_DISK, 'sh', ...command]);
    await until(() => Liveness.check(key).state === 'alive' && queueAt(key) !== undefined, 'the server');
    const askers = new Askers(t, key, 2);
    for (let removal = 0; removal < removals; removal++) {
      await until(() => queueAt(key) !== undefined, 'the queue');
      const goal = askers.fates.answered + 5;
      await until(() => askers.fates.answered >= goal, 'answers');
      // The server writes a line about this to its log.
      MessageQueue.open(key).remove();
    }
    const { answered } = await askers.end();
    const { code } = await server.killed('SIGTERM');
    assert.equal(code, 0);
    assert.equal(queueAt(key), undefined);
    return `${removals} times something to log; ${answered} answered, exit code 0`;
  },
};

/** Mounts a file system of $2 KiB with $3 KiB free at $1, and runs the command that follows. */
const ON_FULL_DISK = `mount -t tmpfs -o size="$2"k tmpfs "$1" && mkdir -p "$1/timeq/backups" &&
  head -c "$(( ($2 - $3) * 1024 ))" /dev/zero > "$1/filler" && shift 3 && exec "$@"`;

/** Bytes of messages in the queue: more than the disk ever has free. */
const MESSAGES = 40;
const BODY = 400;

async function removeWithFullDisk(t: TestContext, folder: string, left: number): Promise<void> {
  const key = freshKey(t);
  using queue = MessageQueue.create(key);
  for (let message = 0; message < MESSAGES; message++)
    assert.ok(queue.trySend(1 + message, 'x'.repeat(BODY)));
  const remove = [process.execPath, bin('ipctools'), 'remove', `0x${key.toString(16)}`, '--yes'];
  const shell = ['sh', '-c', ON_FULL_DISK, 'sh', folder, '32', String(left)];
  const [unshared = '', ...options] = unshare('--mount');
  const { code, stderr } = await run(t, unshared, [...options, '--', ...shell, ...remove], {
    env: { XDG_STATE_HOME: folder },
  });
  assert.equal(code, 1, stderr);
  assert.match(stderr, /ENOSPC|no space/i);
  assert.doesNotMatch(stderr, /\n\s+at /);
  assert.equal(queueAt(key)?.['qnum'], MESSAGES, 'messages were lost');
  assert.deepEqual(
    [...queue.peekAll()].map(({ type, body }) => [type, body.length]),
    Array.from({ length: MESSAGES }, (_, message) => [1 + message, BODY]),
  );
}

export const backupDiskFull: Fault = {
  name: 'backup-disk-full',
  title: 'clean does not remove a queue that it cannot back up because the disk is full',
  skip() {
    const [unshared = '', ...options] = unshare('--mount');
    const mounts = spawnSync(unshared, [...options, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]);
    if (mounts.status === 0) return false;
    const reason = 'file systems cannot be mounted here (unshare --mount)';
    if (process.env['CI'] !== undefined) throw new Error(reason);
    return reason;
  },
  async run(t, { long }) {
    const folder = temporaryFolder(t);
    // tmpfs allocates whole pages, at most one for each folder or name.
    const rooms = [0, 4, 8, 12, 16];
    const times = long ? 10 : 1;
    for (let time = 0; time < times; time++) {
      for (const left of rooms) await removeWithFullDisk(t, folder, left);
    }
    return `${times * rooms.length} removals with 0 to 16 KiB left for ${MESSAGES} messages; 0 queues and 0 messages removed`;
  },
};
