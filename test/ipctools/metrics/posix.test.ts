import assert from 'node:assert/strict';
import test from 'node:test';
import { asStranger, mask, skipWithoutStranger } from '../support.js';
import { bin } from '../../helpers/node.js';
import { quoted } from '../../helpers/shell.js';
import { playPosix, skipWithoutPosixWorlds } from '../posix/scene.js';

const skip = skipWithoutPosixWorlds();

/** The lines of samples whose name or labels have this word. */
function samples(stdout: string, word: string): string[] {
  return stdout.split('\n').filter((line) => !line.startsWith('#') && line.includes(word));
}

test(
  'POSIX queues, memory and semaphores of C programs are as the programs have them',
  { skip },
  async (t) => {
    const { stdout, stderr } = await playPosix(
      t,
      `
peer queue create /jobs 8 64; peer queue send /jobs 3 urgent; peer queue send /jobs 1 later
peer queue create /full 2 10; peer queue send /full 1 one; peer queue send /full 1 two
peer memory create /table 100000 4096 hello
peer semaphore create /turn 2
held queue open /jobs
ipctools metrics; echo ==; ipctools metrics --max-series 1`,
    );
    assert.equal(stderr, '');
    const [all = '', limited = ''] = stdout.split('==\n');
    assert.deepEqual(samples(all, 'name="'), [
      'ipc_posix_queue_messages{name="/full",owner="root"} 2',
      'ipc_posix_queue_messages{name="/jobs",owner="root"} 2',
      'ipc_posix_queue_bytes{name="/full",owner="root"} 6',
      'ipc_posix_queue_bytes{name="/jobs",owner="root"} 11',
      'ipc_posix_queue_limit_messages{name="/full",owner="root"} 2',
      'ipc_posix_queue_limit_messages{name="/jobs",owner="root"} 8',
      'ipc_posix_queue_fullness_ratio{name="/full",owner="root"} 1',
      'ipc_posix_queue_fullness_ratio{name="/jobs",owner="root"} 0.25',
      ...samples(all, 'last_use_age'),
    ]);
    for (const line of samples(all, 'last_use_age')) assert.match(line, / [0-9]{1,2}$/);
    assert.deepEqual(samples(all, 'ipc_posix_left_out'), [
      'ipc_posix_left_out_queues 0',
      'ipc_posix_left_out_messages 0',
    ]);
    assert.deepEqual(samples(all, 'ipc_posix_visible'), [
      'ipc_posix_visible{place="/dev/mqueue"} 1',
      'ipc_posix_visible{place="/dev/shm"} 1',
    ]);
    // A segment of 100,000 bytes with one page written to, as stat(1) counts it.
    assert.deepEqual(samples(all, 'ipc_posix_memory_bytes'), ['ipc_posix_memory_bytes 4096']);
    assert.deepEqual(
      samples(all, 'limit="queues_max"').map((line) => line.replace(/max".* /, 'max" ')),
      [
        'ipc_limit_max{kind="posix",limit="queues_max" 256',
        'ipc_limit_in_use{kind="posix",limit="queues_max" 2',
      ],
    );
    // In a pid namespace of its own it can't be known who else has the others open.
    assert.ok(
      samples(all, 'kind="posix queues"').includes('ipc_objects{kind="posix queues",verdict="live"} 1'),
    );
    assert.ok(
      samples(all, 'kind="posix memory"').includes('ipc_objects{kind="posix memory",verdict="unknown"} 1'),
    );
    assert.deepEqual(
      samples(limited, 'ipc_posix_queue_messages').concat(samples(limited, 'ipc_posix_left_out')),
      [
        'ipc_posix_queue_messages{name="/full",owner="root"} 2',
        'ipc_posix_left_out_queues 1',
        'ipc_posix_left_out_messages 2',
      ],
    );
  },
);

test('what is not mounted is said to be invisible, and not 0', { skip }, async (t) => {
  const { stdout } = await playPosix(t, 'umount /dev/mqueue; ipctools metrics');
  assert.deepEqual(samples(stdout, 'ipc_posix_visible'), [
    'ipc_posix_visible{place="/dev/mqueue"} 0',
    'ipc_posix_visible{place="/dev/shm"} 1',
  ]);
  assert.deepEqual(samples(stdout, 'posix_left_out'), []);
  assert.deepEqual(samples(stdout, 'kind="posix queues"'), []);
  assert.equal(samples(stdout, 'kind="posix memory"').length, 4);
});

test(
  'a queue that a stranger may not read is counted, and has no other metric',
  { skip: skip || skipWithoutStranger() },
  async (t) => {
    const { stdout } = await playPosix(
      t,
      `peer queue create /secret 8 64
${asStranger} ${quoted(process.execPath)} ${quoted(bin('ipctools'))} metrics`,
    );
    assert.deepEqual(samples(stdout, 'unreadable'), ['ipc_posix_unreadable_queues 1']);
    assert.deepEqual(samples(stdout, '/secret'), []);
  },
);

test('names that only their escapes make the same have one series', { skip }, async (t) => {
  const { stdout } = await playPosix(
    t,
    `peer queue create "$(printf '/a\tb')" 8 64; peer queue create '/a\\tb' 8 64
peer queue send '/a\\tb' 1 x
ipctools metrics`,
  );
  assert.equal(samples(mask(stdout), 'ipc_posix_queue_messages').length, 1);
});
