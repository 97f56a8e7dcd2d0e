import assert from 'node:assert/strict';
import test from 'node:test';
import {
  everyUser,
  idsLeft,
  play,
  playOurs,
  skipWithoutScenes,
  ours,
  type Command,
  type Program,
} from './scenes.js';
import { skipWithoutStranger } from '../../support.js';

const skip = skipWithoutScenes();
const all = [0, 1, 2];

function command(program: Program, ...words: string[]): Command {
  return { line: [program, ...words] };
}

test('ipcrm -a msg removes the queues and nothing else', { skip }, async (t) => {
  const outcome = await playOurs(t, 'three', command('ipcrm', '-v', '-a', 'msg'));
  assert.equal(outcome.code, 0);
  assert.equal(outcome.stdout, [0, 1, 2].map((id) => `removing message queue id \`${id}'\n`).join(''));
  assert.deepEqual(idsLeft(outcome, 'queues'), []);
  assert.deepEqual(idsLeft(outcome, 'segments'), all);
  assert.deepEqual(idsLeft(outcome, 'semaphores'), all);
});

test('ipcrm -a shm sem removes both kinds and no queue', { skip }, async (t) => {
  const outcome = await playOurs(t, 'three', command('ipcrm', '--all', 'shm', 'sem'));
  assert.equal(outcome.code, 0);
  assert.deepEqual(idsLeft(outcome, 'queues'), all);
  // The last segment is attached, and stays until that ends.
  assert.deepEqual(idsLeft(outcome, 'segments'), [2]);
  assert.deepEqual(idsLeft(outcome, 'semaphores'), []);
});

const refused: readonly [why: string, line: readonly [Program, ...string[]], message: string][] = [
  ['-a with a word that is no kind', ['ipcrm', '-a', 'extra'], 'ipcrm: unknown argument: extra'],
  ['-a with a kind and another word', ['ipcrm', '-a', 'msg', '5'], 'ipcrm: unknown argument: 5'],
  ['--all=KIND and a word', ['ipcrm', '--all=msg', 'shm'], 'ipcrm: unknown argument: shm'],
  [
    'a key of more than 32 bits',
    ['ipcrm', '-Q', '0x100001234'],
    "ipcrm: failed to parse argument: '0x100001234': Numerical result out of range",
  ],
  [
    'a key of 64 bits whose lower half is a key',
    ['ipcrm', '-Q', '0xffffffff00001234'],
    "ipcrm: failed to parse argument: '0xffffffff00001234': Numerical result out of range",
  ],
  [
    'an id of more than 32 bits',
    ['ipcrm', 'msg', '4294967297'],
    'ipcrm: invalid id: 4294967297: Numerical result out of range',
  ],
  ['an unknown option after an id', ['ipcrm', '-q', '1', '--bogus'], "ipcrm: unrecognized option '--bogus'"],
  ['a bad id after a good one', ['ipcrm', '-q', '1', '-q', 'x'], "ipcrm: failed to parse argument: 'x'"],
  ['a bad key after a good id', ['ipcrm', '-q', '1', '-M', 'x'], "ipcrm: failed to parse argument: 'x'"],
  ['a word after an id', ['ipcrm', '-q', '1', 'extra'], 'ipcrm: unknown argument: extra'],
  ['an unknown kind after an id', ['ipcrm', '-q', '1', '--all=foo'], 'ipcrm: unknown argument: foo'],
  [
    'an id of more than 32 bits between others',
    ['ipcrm', 'msg', '0', '4294967297', '2'],
    'ipcrm: invalid id: 4294967297: Numerical result out of range',
  ],
  ['nothing at all', ['ipcrm'], 'ipcrm: bad usage'],
];

test('ipcrm removes nothing when anything on its command line is wrong', { skip }, async (t) => {
  const outcomes = await play(
    t,
    refused.map(([, line]) => ({ table: 'three', commands: [ours({ line })] })),
  );
  refused.forEach(([why, , message], index) => {
    const outcome = outcomes[index]?.[0];
    assert.ok(outcome);
    assert.equal(outcome.stderr.split('\n')[0], message, why);
    assert.equal(outcome.stdout, '', why);
    assert.equal(outcome.code, 1, why);
    for (const kind of ['queues', 'segments', 'semaphores'] as const) {
      assert.deepEqual(idsLeft(outcome, kind), all, why);
    }
  });
});

test(
  'where ipcrm refuses what util-linux would have done in part, it says that nothing was removed',
  { skip },
  async (t) => {
    const lines: [Program, ...string[]][] = [
      ['ipcrm', '-q', '1', '--bogus'],
      ['ipcrm', '-q', '1', '-q', 'x'],
      ['ipcrm', '-q', '1', 'extra'],
      ['ipcrm', 'msg', '0', '4294967297'],
      ['ipcrm', '-q', 'x', '-q', '1'],
    ];
    const [outcomes = []] = await play(t, [
      { table: 'three', commands: lines.map((line) => ours({ line })) },
    ]);
    const told = outcomes.map(({ stderr }) => stderr.split('\n').includes('ipcrm: nothing was removed'));
    // Of the last one neither removes anything.
    assert.deepEqual(told, [true, true, true, true, false]);
  },
);

test('ipcrm msg passes over an empty word, which util-linux takes for queue 0', { skip }, async (t) => {
  const outcome = await playOurs(t, 'three', command('ipcrm', 'msg', '', '2'));
  assert.deepEqual([outcome.code, outcome.stderr], [1, 'ipcrm: invalid id: \n']);
  assert.deepEqual(idsLeft(outcome, 'queues'), [0, 1]);
});

test('ipcrm removes nothing when it is asked for help or its version', { skip }, async (t) => {
  for (const option of ['-h', '-V']) {
    const outcome = await playOurs(t, 'three', command('ipcrm', '-q', '1', option));
    assert.equal(outcome.code, 0);
    assert.deepEqual(idsLeft(outcome, 'queues'), all);
  }
});

test('ipcrm alone is bad usage', { skip }, async (t) => {
  const outcome = await playOurs(t, 'nothing', command('ipcrm'));
  assert.equal(outcome.code, 1);
  assert.equal(outcome.stderr, "ipcrm: bad usage\nTry 'ipcrm --help' for more information.\n");
});

test('ipcrm -v tells only of what it has removed', { skip }, async (t) => {
  const outcome = await playOurs(t, 'three', command('ipcrm', '-v', '-q', '99', '-q', '1'));
  assert.equal(outcome.code, 1);
  assert.equal(outcome.stdout, "removing message queue id `1'\n");
  assert.equal(outcome.stderr, 'ipcrm: invalid id (99)\n');
});

test(
  'ipcrm -v does not tell of what it was not permitted to remove',
  { skip: skip || skipWithoutStranger() },
  async (t) => {
    const outcome = await playOurs(t, 'three', { ...command('ipcrm', '-v', '-Q', '0x1234'), user: 1 });
    assert.equal(outcome.code, 1);
    assert.equal(outcome.stdout, '');
    assert.equal(outcome.stderr, 'ipcrm: permission denied for key (0)\n');
  },
);

test('ipcs -i fails for an id that does not exist, also for a negative one', { skip }, async (t) => {
  const lines: [Program, ...string[]][] = ['-q', '-m', '-s'].flatMap((kind) =>
    ['-1', '-2', '999999'].map((id): [Program, ...string[]] => ['ipcs', kind, '-i', id]),
  );
  const [outcomes = []] = await play(t, [{ table: 'three', commands: lines.map((line) => ours({ line })) }]);
  assert.equal(outcomes.length, lines.length);
  outcomes.forEach(({ code, stdout, stderr }, index) => {
    assert.deepEqual([stderr, stdout, code], [`ipcs: id ${lines[index]?.at(-1)} not found\n`, '', 1]);
  });
});

test('ipcs cuts owner names to ten characters, and shows them whole with --wide', { skip }, async (t) => {
  if (!everyUser) {
    t.skip('a user namespace has no user with a long name');
    return;
  }
  const [[cut, whole, times, processes] = []] = await play(t, [
    {
      table: 'rich',
      commands: [
        ours(command('ipcs', '-q')),
        ours(command('ipcs', '-q', '--wide')),
        ours(command('ipcs', '-q', '-t', '--wide')),
        ours(command('ipcs', '-q', '-p', '--wide')),
      ],
    },
  ]);
  assert.ok(cut?.stdout.includes('\n0x000010aa 13         averyveryv 660        0 '));
  assert.ok(whole?.stdout.includes('\n0x000010aa 13         averyveryverylongusername 660        0 '));
  assert.ok(whole?.stdout.includes(`\nkey        msqid      ${'owner'.padEnd(25)} perms `));
  assert.ok(whole?.stdout.includes(`\n0x00000080 0          ${'root'.padEnd(25)} 600 `));
  assert.ok(times?.stdout.includes('\n13       averyveryverylongusername Not set '));
  assert.ok(processes?.stdout.includes('\n13       averyveryverylongusername      0 '));
});

test(
  'ipcs -q -i tells the limit of a queue that the user may not read',
  { skip: skip || skipWithoutStranger() },
  async (t) => {
    const outcome = await playOurs(t, 'rich', { ...command('ipcs', '-q', '-i', '7'), user: 1 });
    if (outcome.code === 0) {
      assert.match(outcome.stdout, /cbytes=8192\tqbytes=12345\tqnum=1\t/);
    } else {
      // Before Linux 4.17.
      assert.match(outcome.stdout, /cbytes=8192\tqbytes=\?\tqnum=1\t/);
      assert.match(outcome.stderr, /^ipcs: not permitted to read the limit of queue 7/);
    }
  },
);

test('ipcmk refuses modes of more than 32 bits', { skip }, async (t) => {
  for (const mode of ['40000000000', '-1']) {
    const outcome = await playOurs(t, 'nothing', command('ipcmk', '-Q', '-p', mode));
    assert.equal(outcome.stderr, 'ipcmk: failed to parse mode: Numerical result out of range\n');
    assert.equal(outcome.code, 1);
    assert.deepEqual(idsLeft(outcome, 'queues'), []);
  }
});

test('ipcmk counts fractions of a unit exactly', { skip }, async (t) => {
  const sizes: Readonly<Record<string, number>> = {
    '1.25M': 1310720,
    '1.7K': 1740,
    '1.99999K': 2047,
    '1.9KB': 1900,
    '0.1K': 102,
  };
  for (const [text, bytes] of Object.entries(sizes)) {
    const outcome = await playOurs(t, 'nothing', command('ipcmk', '-M', text));
    assert.deepEqual(
      outcome.left.segments.map(([, , size]) => size),
      [bytes],
      text,
    );
  }
});
