import assert from 'node:assert/strict';
import test from 'node:test';
import { KNOWS_POSIX, releases } from './releases.js';
import { assertSameEffect, lines } from './same.js';
import {
  everyUser,
  ours,
  play,
  playOurs,
  skipWithoutPosixScenes,
  theirs,
  type Command,
  type Outcome,
} from './scenes.js';

const alone = skipWithoutPosixScenes();
const release = releases.find(({ version }) => version >= KNOWS_POSIX);
const skip = alone || (release ? false : 'no util-linux 2.41 is here (scripts/other-util-linux gets it)');

const long = (length: number): string => 'x'.repeat(length);

/** The names of what is left in /dev/shm and /dev/mqueue. */
function left({ left: { posix } }: Outcome): string[] {
  return posix.map(([path]) => path.slice('/dev/'.length));
}

const EVERYTHING = [
  'shm/a ü"$b\\x41',
  'shm/big',
  'shm/empty',
  'shm/sem.open',
  'shm/sem.turn',
  'shm/table',
  'mqueue/free',
  'mqueue/given',
  'mqueue/jobs',
];

test('ipcmk makes POSIX objects as util-linux 2.41 does', { skip }, async (t) => {
  const commands = lines(`
    ipcmk -m 100 -n seg
    ipcmk -m 1K -n /seg -p 666
    ipcmk --posix-shmem 0 --name //seg
    ipcmk -m 10 -n /
    ipcmk -m 10 -n a/b
    ipcmk -m 10 -n ..
    ipcmk -m 9223372036854775808
    ipcmk -m 1x -n seg
    ipcmk -m 1 -n ${long(255)}
    ipcmk -m 1 -n ${long(256)}
    ipcmk -m 1 -n \u00fc
    ipcmk -q -n /\u00fc
    ipcmk -q -n /queue
    ipcmk --posix-mqueue -n /queue --mode 0640
    ipcmk -q -n queue
    ipcmk -q -n /a/b
    ipcmk -q -n /
    ipcmk -q -n /${long(256)}
    ipcmk -s -n turn
    ipcmk --posix-sem -n /turn -p 0602
    ipcmk -s -n .
    ipcmk -s -n a/b
    ipcmk -s -n ${long(251)}
    ipcmk -s -n ${long(252)}
    ipcmk -s -q -m 7 -n /all
    ipcmk -Q -S 2 -M 10 -s -q -n /all
    ipcmk -Q -n all
    ipcmk -s
    ipcmk -n x
    ipcmk -m
    ipcmk --posix
    ipcmk --help
  `);
  const odd: Command[] = ['-m', '-q', '-s'].map((option) => ({
    line: ['ipcmk', option, ...(option === '-m' ? ['1'] : []), '-n', ''],
  }));
  await assertSameEffect(t, 'nothing', [...commands, ...odd], KNOWS_POSIX);
});

test('ipcrm removes POSIX objects by their names as util-linux 2.41 does', { skip }, async (t) => {
  const commands = lines(`
    ipcrm --posix-shmem table
    ipcrm --posix-shmem /table --posix-shmem //big
    ipcrm --posix-shmem nope --posix-shmem table
    ipcrm --posix-shmem a/b
    ipcrm --posix-shmem ../shm/table
    ipcrm --posix-semaphore ../shm/table
    ipcrm --posix-shmem ${long(256)}
    ipcrm --posix-shmem sem.turn
    ipcrm --posix-shmem .
    ipcrm --posix-semaphore turn
    ipcrm --posix-semaphore /open
    ipcrm --posix-semaphore table
    ipcrm --posix-semaphore ${long(252)}
    ipcrm --posix-mqueue /jobs
    ipcrm --posix-mqueue jobs
    ipcrm --posix-mqueue /nope --posix-mqueue /jobs
    ipcrm --posix-mqueue /a/b
    ipcrm --posix-mqueue /
    ipcrm --posix-mqueue /${long(256)}
    ipcrm --posix-mqueue
    ipcrm --posix
    ipcrm --help
    ipcrm --all=pshm
    ipcrm -apsem
    ipcrm -a=pmsg
    ipcrm --all=foo
    ipcrm pshm table
  `);
  const odd: Command[] = ['--posix-shmem', '--posix-semaphore', '--posix-mqueue'].map((option) => ({
    line: ['ipcrm', option, ''],
  }));
  await assertSameEffect(t, 'posix', [...commands, ...odd], KNOWS_POSIX);
});

test(
  'ipcrm removes what another user may remove as util-linux 2.41 does',
  {
    skip: skip || (everyUser ? false : 'only root has another user'),
  },
  async (t) => {
    const commands = lines(`
    ipcrm --posix-shmem big
    ipcrm --posix-shmem table
    ipcrm --posix-semaphore open
    ipcrm --posix-mqueue /given
    ipcrm --posix-mqueue /free
    ipcrm --all=pshm
    ipcrm --all=psem
    ipcrm --all=pmsg
  `);
    await assertSameEffect(
      t,
      'posix',
      commands.map((command) => ({ ...command, user: 1 })),
      KNOWS_POSIX,
    );
  },
);

test('ipcrm -a leaves POSIX objects alone, of which util-linux 2.41 removes all', { skip }, async (t) => {
  assert.ok(release);
  const all: Command = { line: ['ipcrm', '-a'] };
  const [[their] = [], [our] = []] = await play(t, [
    { table: 'posix', commands: [theirs(all, release)] },
    { table: 'posix', commands: [ours(all)] },
  ]);
  assert.ok(their && our);
  assert.deepEqual(left(their), []);
  assert.deepEqual(left(our), EVERYTHING);
  assert.equal(our.code, 0);
});

test('ipcmk never opens or shortens a POSIX object that is there', { skip: alone }, async (t) => {
  const [outcomes = []] = await play(t, [
    {
      table: 'posix',
      commands: [
        ours({ line: ['ipcmk', '-m', '10', '-n', 'big'] }),
        ours({ line: ['ipcmk', '-q', '-n', '/jobs'] }),
        ours({ line: ['ipcmk', '-s', '-n', 'turn'] }),
        ours({ line: ['lsipc', '-M', '-N', 'big', '-r', '-o', 'SIZE', '-b'] }),
        ours({ line: ['lsipc', '-S', '-N', 'turn', '-r', '-o', 'SVAL'] }),
      ],
    },
  ]);
  assert.deepEqual(
    outcomes.map(({ code, stdout, stderr }) => [code, stdout, stderr]),
    [
      [1, '', 'ipcmk: create POSIX shared memory failed: File exists\n'],
      [1, '', 'ipcmk: create POSIX message queue failed: File exists\n'],
      [1, '', 'ipcmk: create POSIX semaphore failed: File exists\n'],
      [0, 'SIZE\n3145728\n', ''],
      [0, 'SVAL\n2\n', ''],
    ],
  );
  for (const outcome of outcomes) assert.deepEqual(left(outcome), EVERYTHING);
});

test(
  'ipcmk gives each kind of memory its own size, and leaves none whose size is too large',
  { skip: alone },
  async (t) => {
    const both = await playOurs(t, 'nothing', { line: ['ipcmk', '-M', '10', '-m', '20', '-n', 'seg'] });
    assert.deepEqual(
      both.left.segments.map(([, , size]) => size),
      [10],
    );
    assert.deepEqual(
      both.left.posix.map(([path, , size]) => [path, size]),
      [['/dev/shm/seg', 20]],
    );
    const large = await playOurs(t, 'nothing', { line: ['ipcmk', '-m', '8E', '-n', 'seg'] });
    assert.deepEqual(
      [large.code, large.stderr, left(large)],
      [1, 'ipcmk: create POSIX shared memory failed: Invalid argument\n', []],
    );
  },
);

test(
  'ipcmk leaves no memory whose size it could not set, and makes no program of it',
  { skip: alone },
  async (t) => {
    const { argv, ...circumstances } = ours({ line: ['ipcmk', '-m', '1M', '-n', 'seg', '-p', '4755'] });
    const limited = ['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh', ...argv];
    const [[failed] = [], [made] = []] = await play(t, [
      { table: 'nothing', commands: [{ argv: limited, ...circumstances }] },
      { table: 'nothing', commands: [{ argv, ...circumstances }] },
    ]);
    assert.deepEqual(
      [failed?.code, failed?.stderr],
      [1, 'ipcmk: create POSIX shared memory failed: File too large\n'],
    );
    assert.ok(failed && made);
    assert.deepEqual(left(failed), []);
    assert.deepEqual(
      made.left.posix.map(([path, mode]) => [path, mode]),
      [['/dev/shm/seg', '0o100755']],
    );
  },
);

test('ipcrm removes nothing if the command line has a mistake after a name', { skip: alone }, async (t) => {
  const mistakes: [Command, string][] = [
    [{ line: ['ipcrm', '--posix-shmem', 'table', '--bogus'] }, "unrecognized option '--bogus'"],
    [
      { line: ['ipcrm', '--posix-shmem', 'table', '--posix-mqueue', 'jobs'] },
      'name failed: Invalid argument',
    ],
    [{ line: ['ipcrm', '--posix-semaphore', 'turn', '--all=foo'] }, 'unknown argument: foo'],
  ];
  for (const [command, message] of mistakes) {
    const outcome = await playOurs(t, 'posix', command);
    assert.equal(outcome.code, 1);
    assert.ok(outcome.stderr.startsWith(`ipcrm: ${message}\nipcrm: nothing was removed\n`), outcome.stderr);
    assert.deepEqual(left(outcome), EVERYTHING);
  }
});

test(
  'ipcrm -v reports a removal once, after it happened; -a pmsg removes queues only',
  { skip: alone },
  async (t) => {
    const named = await playOurs(t, 'posix', {
      line: ['ipcrm', '-v', '--posix-shmem', 'nope', '--posix-semaphore', 'turn', '--posix-mqueue', '/jobs'],
    });
    assert.deepEqual(
      [named.code, named.stdout, named.stderr],
      [
        1,
        "removing POSIX semaphore `turn'\nremoving POSIX message queue `/jobs'\n",
        "ipcrm: name `nope' not found\n",
      ],
    );
    const all = await playOurs(t, 'posix', { line: ['ipcrm', '-v', '-a', 'pmsg'] });
    assert.deepEqual(
      [all.code, all.stdout.trim().split('\n').toSorted()],
      [0, ['free', 'given', 'jobs'].map((name) => `removing POSIX message queue \`/${name}'`)],
    );
    assert.deepEqual(
      left(all),
      EVERYTHING.filter((path) => path.startsWith('shm/')),
    );
  },
);

test(
  'ipcrm and ipcmk know queues that no mount shows, and ipcrm --all=pmsg says that it sees none',
  { skip: alone },
  async (t) => {
    const unmounted = (...words: string[]) => {
      const { argv, ...circumstances } = ours({ line: ['ipcrm'] });
      return {
        argv: [
          'sh',
          '-c',
          `umount /dev/mqueue; mount -t tmpfs none /dev/mqueue; ${words.join(' ')}`,
          'sh',
          ...argv.slice(0, -1),
        ],
        ...circumstances,
      };
    };
    const [[one] = [], [all] = []] = await play(t, [
      {
        table: 'posix',
        commands: [
          unmounted(
            '"$@" ipcrm --posix-mqueue /jobs && "$@" ipcmk -q -n /jobs; mount -t mqueue none /dev/mqueue',
          ),
        ],
      },
      {
        table: 'posix',
        commands: [
          unmounted(
            '"$@" ipcrm --all=pmsg; code=$?; umount /dev/mqueue; mount -t mqueue none /dev/mqueue; exit $code',
          ),
        ],
      },
    ]);
    assert.equal(one?.stdout, 'POSIX message queue name: /jobs\n');
    assert.equal(all?.code, 1);
    assert.match(all?.stderr ?? '', /^ipcrm: \/dev\/mqueue does not seem to be mounted/);
    assert.ok(all && left(all).includes('mqueue/jobs'));
  },
);

test('lsipc sees what ipcmk of util-linux 2.41 makes, and the other way round', { skip }, async (t) => {
  assert.ok(release);
  const make: Command[] = [
    { line: ['ipcmk', '-s', '-n', 'mutual'] },
    { line: ['ipcmk', '-m', '5', '-n', 'mutual'] },
    { line: ['ipcmk', '-q', '-n', '/mutual'] },
  ];
  const look = ['-S', '-M', '-Q'].map((kind): Command => ({
    line: ['lsipc', kind, '-o', 'NAME,PERMS,OWNER'],
  }));
  const played = await play(t, [
    { table: 'nothing', commands: [...make.map(ours), ...look.map((one) => theirs(one, release))] },
    { table: 'nothing', commands: [...make.map((one) => theirs(one, release)), ...look.map(ours)] },
  ]);
  const [our = [], their = []] = played.map((outcomes) =>
    outcomes.slice(make.length).map(({ stdout }) => stdout),
  );
  assert.deepEqual(our, their);
  assert.match(our.join(''), /mutual rw-r--r-- +root\n/);
});
