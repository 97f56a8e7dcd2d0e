import assert from 'node:assert/strict';
import test from 'node:test';
import { skipWithout } from '../../helpers/foreign.js';
import { mask } from '../support.js';
import { playPosix, skipWithoutPosixWorlds } from './scene.js';

const skip = skipWithoutPosixWorlds();

const three = `
peer queue create /jobs 8 64; peer queue send /jobs 3 urgent; peer queue send /jobs 1 later
peer memory create /table 100000 4096 hello
peer semaphore create /turn 2
`;

test('list posix shows queues, shared memory and semaphores that C programs made', { skip }, async (t) => {
  const scene = `${three}
held queue open /jobs
ipctools-only list posix --columns kind,name,mode,bytes,messages,full,value --raw
peer queue attributes /jobs; peer semaphore value /turn`;
  const { stdout } = await playPosix(t, scene);
  assert.deepEqual(stdout.split('\n'), [
    'KIND\tNAME\tMODE\tBYTES\tMESSAGES\tFULL\tVALUE',
    'posix queue\t/jobs\t0600\t11\t2\t25.00\t-',
    'posix memory\t/table\t0600\t100000\t-\t-\t-',
    'posix semaphore\t/turn\t0600\t32\t-\t-\t2',
    '2 of 8, 64 bytes each',
    '2',
    '',
  ]);
});

test('list posix names the processes that have an object open or only mapped', { skip }, async (t) => {
  const scene = `${three}
held queue open /jobs; echo "queue $last"
held memory map /table; echo "memory $last"
held memory thread /table; echo "memory $last"
held semaphore open /turn; echo "semaphore $last"
ipctools-only list posix --columns kind,processes --raw --no-header`;
  const { stdout } = await playPosix(t, scene);
  const lines = stdout.trimEnd().split('\n');
  const pids = (word: string): string =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.split(' ')[1]] : [])).join(',');
  // In a pid namespace of its own no process can know who else has it.
  assert.deepEqual(lines.slice(4), [
    `posix queue\t${pids('queue')},?`,
    `posix memory\t${pids('memory')},?`,
    `posix semaphore\t${pids('semaphore')},?`,
  ]);
});

test('show tells of a POSIX object what can be known without taking or changing it', { skip }, async (t) => {
  const scene = `${three}
held queue notify /jobs
ipctools-only show /jobs; ipctools-only show /table; ipctools-only show --posix-semaphore turn
peer queue drain /jobs`;
  const { stdout } = await playPosix(t, scene);
  assert.deepEqual(
    mask(stdout.replace(/\b\d+ program/g, 'PID program'))
      .replaceAll(/(owner +)(.*), mode/g, '$1OWNER, mode')
      .split('\n')
      .filter((line) => !/^(by)? /.test(line)),
    [
      'posix queue /jobs',
      'owner  OWNER, mode 0600',
      "messages  2 of 8 (25% full); they can't be looked at without taking them",
      'bytes  11',
      'largest  64 bytes in one message',
      'last  TIME (AGO ago): a send or a receive, or made',
      'notifies  PID program: program queue notify /jobs',
      'posix memory /table',
      'owner  OWNER, mode 0600',
      'bytes  100000 (4096 in memory)',
      'used  TIME (AGO ago), as far as it was recorded',
      'posix semaphore /turn',
      'owner  OWNER, mode 0600',
      'value  2',
      'waiting  0 threads',
      'used  TIME (AGO ago), as far as it was recorded',
      '3 urgent',
      '1 later',
      '',
    ],
  );
});

test('a look at a POSIX object is no use of it', { skip }, async (t) => {
  const scene = `${three}
aged table sem.turn; stat -c '%X %Y' /dev/shm/*; stat -c %Y /dev/mqueue/jobs
ipctools-only list posix --columns all >/dev/null; ipctools-only show /turn >/dev/null; ipctools-only stale posix >/dev/null
stat -c '%X %Y' /dev/shm/*; stat -c %Y /dev/mqueue/jobs`;
  const { stdout } = await playPosix(t, scene);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(lines.length, 6);
  assert.deepEqual(lines.slice(3), lines.slice(0, 3));
});

test('what is not mounted is said', { skip }, async (t) => {
  const scene = `umount /dev/mqueue; mount -t tmpfs none /dev/mqueue; touch /dev/mqueue/fake
ipctools-only list posix --json; ipctools-only show /none; echo "code $?"; ipctools-only limits --json | grep -A3 queues_max
ipctools-only --json`;
  const { stdout, stderr } = await playPosix(t, scene);
  assert.match(stdout, /^\{"posix":\[\]\}\ncode 1\n/);
  assert.match(stdout, /"name":"queues_max"[^}]*"inUse":null|"name": "queues_max"/);
  assert.match(stdout, /"absent": \[\s*"POSIX queues: not mounted; /);
  const sentence = 'POSIX queues: not mounted; `mount -t mqueue none /dev/mqueue` as root';
  assert.equal(stderr.split(sentence).length - 1, 3);
  assert.ok(`ipctools: ${sentence}`.length < 80);
  assert.match(stderr, /there is no posix object \/none here/);
});

test('the overview counts POSIX objects, and limits has their limits', { skip }, async (t) => {
  const scene = `${three}
echo 5 >/proc/sys/fs/mqueue/queues_max
ipctools-only; ipctools-only limits --json`;
  const { stdout, stderr } = await playPosix(t, scene);
  assert.equal(stderr, '');
  assert.match(
    mask(stdout),
    /posix queues  1  5  20%  2 messages, 11 bytes\nposix memory  1  -  -  97.7K bytes\nposix semaphores  1  -  -  32 bytes\n/,
  );
  const { limits } = JSON.parse(stdout.slice(stdout.indexOf('{'))) as { limits: Record<string, unknown>[] };
  const { raise, value, inUse } = limits.find(({ name }) => name === 'queues_max') ?? {};
  assert.deepEqual(
    { raise, value, inUse },
    { raise: 'sysctl -w fs.mqueue.queues_max=10', value: 5, inUse: 1 },
  );
  assert.ok(limits.some(({ name }) => name === '/dev/shm'));
});

test('one name of several kinds is refused until the kind is named', { skip }, async (t) => {
  const scene = `peer queue create /x 1 8; peer memory create /x 10 0 a
ipctools-only show /x; echo "code $?"; ipctools-only show --posix-shmem /x | head -1; ipctools-only show /a/b; echo "code $?"`;
  const { stdout, stderr } = await playPosix(t, scene);
  assert.equal(stdout, 'code 2\nposix memory /x\ncode 2\n');
  assert.match(
    stderr,
    /'\/x' names posix queue \/x and posix memory \/x; say which with --posix-mqueue \/x or --posix-shmem \/x; see/,
  );
  assert.match(stderr, /'\/a\/b' is not the name of a POSIX object/);
});

test('hostile names act on no terminal, and can be named as they are shown', { skip }, async (t) => {
  const scene = `name=$'/ev\\e[2J\\xe2\\x80\\xaeil'; peer queue create "$name" 1 8; peer memory create "$name" 10 0 a
peer semaphore create $'/\\xff' 1
ipctools-only list posix; ipctools-only stale posix; ipctools-only list posix --json --columns name
ipctools-only show --posix-shmem '/ev\\x1b[2J\\u202eil' | head -1; ipctools-only show '/\\xff' | head -1`;
  const { stdout, stderr } = await playPosix(t, scene);
  assert.equal(stderr, '');
  assert.match(stdout, /posix memory \/ev\\x1b\[2J\\u202eil\nposix semaphore \/\\xff\n$/);
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(stdout, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
});

test(
  'shared memory of Python is shown with the process that has it mapped',
  { skip: skip || skipWithout('python') },
  async (t) => {
    const scene = `
/usr/bin/python3 -c '
from multiprocessing.shared_memory import SharedMemory
import os, signal
memory = SharedMemory("psm_test", create=True, size=5000)
print("ready", flush=True)
signal.pause()' >/tmp/said & last=$!
ipctools-only list posix --columns name,bytes,processes --raw --no-header; echo "pid $last"`.replaceAll(
      '/tmp/said & last=$!',
      '"$HOME/said" & last=$!; until [ -s "$HOME/said" ]; do sleep 0.02; done',
    );
    const { stdout } = await playPosix(t, `export HOME=$(mktemp -d)\n${scene}\nrm -r "$HOME"`);
    const [, pid] = /pid (\d+)/.exec(stdout) ?? [];
    assert.match(stdout, new RegExp(`^/psm_test\\t5000\\t.*\\b${pid},\\?\n`));
  },
);
