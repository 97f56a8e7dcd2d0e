import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { formatKey, ftok, IPC_PRIVATE, IpcError, MessageQueue } from '@timeq/mq-native';
import { temporaryFolder } from '../helpers/folder.js';
import { skipWithout, startPeer } from '../helpers/foreign.js';
import { queueWithId } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { trackQueue } from '../helpers/tracking.js';

test('the signed and the unsigned form are the same key', (t) => {
  const unsigned = freshKey(t) + 2 ** 31;
  const signed = unsigned | 0;
  assert.ok(signed < 0);
  const queue = trackQueue(t, MessageQueue.create(signed));
  assert.equal(MessageQueue.open(unsigned).id, queue.id);
  assert.equal(MessageQueue.open(signed).id, queue.id);
  assert.equal(queue.key, unsigned);
  assert.equal(MessageQueue.fromId(queue.id).key, unsigned);
  assert.equal(queue.stat().key, unsigned);
  assert.equal(queueWithId(queue.id)?.['key'], unsigned);
  assert.equal(MessageQueue.list().find(({ id }) => id === queue.id)?.key, unsigned);
});

test('a key is written with eight hexadecimal digits', () => {
  assert.equal(formatKey(128), '0x00000080');
  assert.equal(formatKey(-1), '0xffffffff');
  assert.equal(formatKey(2 ** 32 - 1), '0xffffffff');
  assert.equal(formatKey(-(2 ** 31)), '0x80000000');
});

test('a key that is no integer of 32 bits is refused', () => {
  for (const key of [2 ** 32, -(2 ** 31) - 1, 1.5, Number.NaN, Infinity]) {
    for (const method of ['create', 'open', 'openOrCreate'] as const) {
      assert.throws(() => MessageQueue[method](key), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
    }
  }
  for (const key of ['128', 128n, undefined, null, {}]) {
    assert.throws(() => MessageQueue.open(key as number), {
      name: 'TypeError',
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
});

test('key 0 creates nothing by accident', () => {
  assert.equal(IPC_PRIVATE, 0);
  for (const method of ['create', 'open', 'openOrCreate'] as const) {
    assert.throws(() => MessageQueue[method](IPC_PRIVATE), { name: 'RangeError', message: /createPrivate/ });
  }
});

function temporaryFile(t: TestContext): string {
  const file = join(temporaryFolder(t), 'file with a näme');
  writeFileSync(file, '');
  return file;
}

const foreign = {
  python: 'import sysv_ipc, sys; print(sysv_ipc.ftok(sys.argv[1], int(sys.argv[2]), True) & 0xffffffff)',
  perl: 'use IPC::SysV "ftok"; print ftok($ARGV[0], $ARGV[1] + 0) & 0xffffffff, "\\n"',
  php: 'echo ftok($argv[1], chr((int) $argv[2])) & 0xffffffff, "\\n";',
};

for (const peer of ['python', 'perl', 'php'] as const) {
  test(`ftok gives the same key as in ${peer}`, { skip: skipWithout(peer) }, async (t) => {
    const file = temporaryFile(t);
    for (const projectId of [1, 65, 127, 255]) {
      const theirs = await startPeer(t, peer, foreign[peer], [file, projectId]).nextLine();
      assert.equal(ftok(file, projectId), Number(theirs), `project id ${projectId}`);
    }
  });
}

test('ftok is the same for every path to a file and differs by project id', (t) => {
  const file = temporaryFile(t);
  assert.equal(ftok(file, 1), ftok(join(file, '..', 'file with a näme'), 1));
  assert.notEqual(ftok(file, 1), ftok(file, 2));
  assert.equal(ftok('/', 7), ftok('/', 7));
  const key = ftok(file, 255);
  assert.ok(Number.isInteger(key) && key >= 0 && key < 2 ** 32);
});

test('ftok of a path that is not there is ENOENT', () => {
  assert.throws(
    () => ftok('/no/such/file', 1),
    (error) => {
      assert.ok(error instanceof IpcError);
      assert.equal(error.code, 'ENOENT');
      assert.equal(error.syscall, 'ftok');
      assert.match(error.message, /^ENOENT: .*\/no\/such\/file/);
      return true;
    },
  );
  assert.throws(() => ftok('/etc/passwd/x', 1), { code: 'ENOTDIR' });
});

test('a project id that does not count in full is refused', () => {
  for (const projectId of [0, 256, -1, 1.5]) {
    assert.throws(() => ftok('/', projectId), { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' });
  }
  assert.throws(() => ftok('/', undefined as unknown as number), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => ftok(5 as unknown as string, 1), { code: 'ERR_INVALID_ARG_TYPE' });
  assert.throws(() => ftok('/etc\0/passwd', 1), { code: 'ERR_OUT_OF_RANGE' });
});
