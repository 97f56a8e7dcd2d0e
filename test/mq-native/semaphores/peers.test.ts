import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SemaphoreSet } from '@timeq/mq-native';
import { skipWithout, startPeer } from '../../helpers/foreign.js';
import { freshKey } from '../../helpers/keys.js';

const python = { skip: skipWithout('python') };
const perl = { skip: skipWithout('perl') };

test(
  'a semaphore that Python’s sysv_ipc holds with undo is given back when Python is killed',
  python,
  async (t) => {
    const key = freshKey(t);
    const set = SemaphoreSet.create(key, { initialValues: [1] });
    const holder = startPeer(
      t,
      'python',
      `import sys, sysv_ipc
semaphore = sysv_ipc.Semaphore(int(sys.argv[1]))
semaphore.undo = True
semaphore.acquire()
print('has it', flush=True)
sys.stdin.readline()`,
      [key],
    );
    await holder.waitFor('has it');
    assert.equal(set.value(), 0);
    assert.equal(set.lastPid(), holder.pid);
    const waiting = set.operate([{ delta: -1 }]);
    holder.kill('SIGKILL');
    await waiting;
  },
);

test('Python waits for a semaphore until it is released here', python, async (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key, { initialValues: [0] });
  const waiter = startPeer(
    t,
    'python',
    `import sys, sysv_ipc
semaphore = sysv_ipc.Semaphore(int(sys.argv[1]))
print('opened', semaphore.o_time > 0, flush=True)
semaphore.acquire()
print('has it', semaphore.value, flush=True)`,
    [key],
  );
  assert.equal(await waiter.nextLine(), 'opened True');
  set.tryOperate([{ delta: 2 }]);
  assert.equal(await waiter.nextLine(), 'has it 1');
});

test('a semaphore made by Python counts as initialised once Python has operated on it', python, async (t) => {
  const key = freshKey(t);
  const creator = startPeer(
    t,
    'python',
    `import sys, sysv_ipc
semaphore = sysv_ipc.Semaphore(int(sys.argv[1]), sysv_ipc.IPC_CREX, initial_value=3)
print('made', flush=True)
sys.stdin.readline()
semaphore.release()
print('operated', flush=True)`,
    [key],
  );
  await creator.waitFor('made');
  assert.equal(SemaphoreSet.open(key).value(), 3);
  assert.throws(() => SemaphoreSet.open(key, { initialised: true, timeout: 0 }), { code: 'ETIMEDOUT' });
  creator.write('go\n');
  await creator.waitFor('operated');
  assert.equal(SemaphoreSet.open(key, { initialised: true, timeout: 0 }).value(), 4);
});

test('Perl’s IPC::Semaphore and a set made here see each other’s values, waits and undo', perl, async (t) => {
  const key = freshKey(t);
  const set = SemaphoreSet.create(key, { initialValues: [2, 0, 7] });
  const peer = startPeer(
    t,
    'perl',
    `use IPC::Semaphore; use IPC::SysV qw(SEM_UNDO);
$| = 1;
my $set = IPC::Semaphore->new($ARGV[0], 3, 0) // die "semget: $!";
print join(' ', $set->getall), "\\n";
$set->op(0, -2, SEM_UNDO, 2, 1, 0) or die "semop: $!";
print "operated\\n";
$set->op(1, -1, 0) or die "semop: $!";
print "woken\\n";
sleep 1000;`,
    [key],
  );
  assert.equal(await peer.nextLine(), '2 0 7');
  assert.equal(await peer.nextLine(), 'operated');
  assert.deepEqual(set.values(), [0, 0, 8]);
  await set.operate([{ number: 1, delta: 1 }]);
  assert.equal(await peer.nextLine(), 'woken');
  peer.kill('SIGKILL');
  await set.operate([{ number: 0, delta: -2 }]);
  assert.deepEqual(set.values(), [0, 0, 8]);
});
