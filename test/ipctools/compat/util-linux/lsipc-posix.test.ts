import assert from 'node:assert/strict';
import test from 'node:test';
import { KNOWS_POSIX, releases } from './releases.js';
import { assertSameView, inEachFormat, lines } from './same.js';
import {
  everyUser,
  ours,
  play,
  skipWithoutPosixScenes,
  type Command,
  type Outcome,
  type Scene,
} from './scenes.js';

const alone = skipWithoutPosixScenes();
const skip =
  alone ||
  (releases.some(({ version }) => version >= KNOWS_POSIX)
    ? false
    : 'no util-linux 2.41 is here (scripts/other-util-linux gets it)');

test('lsipc lists POSIX objects in each format as util-linux 2.41 does', { skip }, async (t) => {
  await assertSameView(t, 'posix', inEachFormat('lsipc -Q\nlsipc -M\nlsipc -S'), KNOWS_POSIX);
});

test('lsipc takes the other options for POSIX objects as util-linux 2.41 does', { skip }, async (t) => {
  const commands = lines(`
    lsipc -Q -c
    lsipc -M -c -J
    lsipc -S -c
    lsipc -Q -t
    lsipc -M -b
    lsipc -M --time-format=iso
    lsipc -M --time-format full
    lsipc -M -P
    lsipc -S -P
    lsipc --posix-mqueues -b -e
    lsipc --posix-shmems
    lsipc --posix-sem -J
    lsipc -Q -o NAME,OWNER,PERMS,CUID,CUSER,CGID,CGROUP,MTIME
    lsipc -M -o mtime,Name
    lsipc -Q -o +KEY,CUSER
    lsipc -M -o MSGS
    lsipc -Q -o FOO
  `);
  await assertSameView(t, 'posix', commands, KNOWS_POSIX);
  await assertSameView(t, 'nothing', lines('lsipc -Q\nlsipc -M\nlsipc -S\nlsipc -Q -r'), KNOWS_POSIX);
});

test('lsipc writes odd names of POSIX objects as util-linux 2.41 does', { skip }, async (t) => {
  const locales = ['C', 'C.UTF-8'].flatMap((LC_ALL) =>
    lines('lsipc -M\nlsipc -M -r\nlsipc -M -e\nlsipc -M -J').map((command) => ({
      ...command,
      env: { LC_ALL },
    })),
  );
  await assertSameView(t, 'posix', locales, KNOWS_POSIX);
});

test('lsipc -N shows one POSIX object as util-linux 2.41 does', { skip }, async (t) => {
  const commands = lines(`
    lsipc -Q -N /jobs
    lsipc -Q -N /jobs -b
    lsipc -Q --name /free -J
    lsipc -Q -N /given -c
    lsipc -M -N big
    lsipc -M -N table --time-format=iso
    lsipc -M -N empty -r
    lsipc -S -N turn
    lsipc -S -N open -l
    lsipc -N x
    lsipc -N x -g
    lsipc -q -i 1 -N x
    lsipc -Q -N
    lsipc --n
    lsipc --posix
  `);
  await assertSameView(t, 'posix', commands, KNOWS_POSIX);
});

test('lsipc shows the limits of POSIX queues as util-linux 2.41 does', { skip }, async (t) => {
  const columns = '-o RESOURCE,DESCRIPTION,LIMIT,USED,USE%';
  const commands = lines(`
    lsipc
    lsipc -g -J
    lsipc -b
    lsipc -r
    lsipc -e -y
    lsipc -g -Q ${columns}
    lsipc -g -Q -b -J ${columns}
    lsipc -g -M ${columns}
    lsipc -g -S -J ${columns}
  `);
  await assertSameView(t, 'posix', commands, KNOWS_POSIX);
});

async function lsipc(
  t: Parameters<typeof play>[0],
  commands: readonly Command[],
  table: Scene['table'] = 'posix',
): Promise<[number, string, string][]> {
  const [outcomes = []] = await play(t, [{ table, commands: commands.map(ours) }]);
  return outcomes.map(({ code, stdout, stderr }: Outcome) => [code, stdout, stderr]);
}

test(
  'lsipc -Q and -S tell of POSIX objects that may not be read',
  {
    skip: alone || (everyUser ? false : 'only root has another user'),
  },
  async (t) => {
    const user = 4243;
    const [queues, one, semaphores] = await lsipc(t, [
      { line: ['lsipc', '-Q', '-J', '-o', 'NAME,USEDBYTES,MSGS'], user },
      { line: ['lsipc', '-Q', '-N', '/jobs', '-r'], user },
      { line: ['lsipc', '-S', '-J', '-o', 'NAME,OWNER,SVAL'], user },
    ]);
    const messages = (JSON.parse(queues?.[1] ?? '') as { 'posix-messages': unknown[] })['posix-messages'];
    assert.deepEqual(
      new Set(messages),
      new Set([
        { name: '/jobs', usedbytes: null, msgs: null },
        { name: '/free', usedbytes: '0B', msgs: '0' },
        { name: '/given', usedbytes: null, msgs: '1' },
      ]),
    );
    assert.equal(queues?.[0], 0);
    assert.equal(
      queues?.[2].split('\n').toSorted().join('\n').trim(),
      'lsipc: mqueue /given may not be read, so what it holds is unknown\nlsipc: mqueue /jobs may not be read, so what it holds is unknown',
    );
    assert.deepEqual(one?.[0], 1);
    const all = (JSON.parse(semaphores?.[1] ?? '') as { 'posix-semaphores': unknown[] })['posix-semaphores'];
    assert.deepEqual(
      new Set(all),
      new Set([
        { name: 'turn', owner: 'root', sval: null },
        { name: 'open', owner: 'daemon', sval: '0' },
      ]),
    );
    assert.match(semaphores?.[2] ?? '', /^lsipc: semaphore turn may not be read, .* unknown\n$/);
  },
);

test(
  'lsipc takes names with and without a slash, and fails for one that is not there',
  { skip: alone },
  async (t) => {
    const found = await lsipc(t, [
      { line: ['lsipc', '-M', '-N', '/big', '-o', 'NAME', '-r'] },
      { line: ['lsipc', '-S', '-N', '/turn', '-o', 'SVAL', '-r'] },
      { line: ['lsipc', '-S', '-N', 'big'] },
      { line: ['lsipc', '-M', '-N', 'nope'] },
      { line: ['lsipc', '-Q', '-N', '/nope', '-J'] },
      { line: ['lsipc', '-Q', '-N', 'jobs'] },
    ]);
    assert.deepEqual(found, [
      [0, 'NAME\nbig\n', ''],
      [0, 'SVAL\n2\n', ''],
      [1, '', 'lsipc: semaphore big not found\n'],
      [1, '', 'lsipc: shm nope not found\n'],
      [1, '{\n   "posix-messages": [\n\n   ]\n}\n', 'lsipc: mqueue /nope not found\n'],
      [1, '', "lsipc: mqueue name must start with '/': jobs\n"],
    ]);
  },
);

test('lsipc refuses an id of POSIX objects, a name of others, and two kinds', { skip: alone }, async (t) => {
  const refused = await lsipc(t, [
    { line: ['lsipc', '-Q', '-i', '3'] },
    { line: ['lsipc', '-q', '-N', '/jobs'] },
    { line: ['lsipc', '-Q', '-M'] },
  ]);
  const usage = "Try 'lsipc --help' for more information.\n";
  const both = `lsipc: --id is for System V objects, and --name is for POSIX objects\n${usage}`;
  assert.deepEqual(
    refused.map(([code, , stderr]) => [code, stderr]),
    [
      [1, both],
      [1, both],
      [
        1,
        'lsipc: mutually exclusive arguments: --posix-shmems --posix-mqueues --posix-semaphores --shmems --queues --semaphores\n',
      ],
    ],
  );
});

test(
  'lsipc shows each column of POSIX objects by -o, modes of queues by -P, and only limits by -g',
  { skip: alone },
  async (t) => {
    const shown = await lsipc(t, [
      { line: ['lsipc', '-Q', '-N', '/jobs', '-r', '-o', 'USEDBYTES,MSGS'] },
      { line: ['lsipc', '-M', '-N', 'big', '-r', '-o', 'SIZE'] },
      { line: ['lsipc', '-S', '-N', 'turn', '-r', '-o', 'SVAL'] },
      { line: ['lsipc', '-Q', '-N', '/jobs', '-r', '-P', '-o', 'PERMS'] },
      { line: ['lsipc', '-g', '-Q', '-r'] },
    ]);
    assert.deepEqual(
      shown.map(([, stdout]) => stdout.split('\n').slice(0, 2)),
      [
        ['USEDBYTES MSGS', '13B 3'],
        ['SIZE', '3M'],
        ['SVAL', '2'],
        ['PERMS', '0600'],
        ['RESOURCE DESCRIPTION LIMIT USED USE%', shown[4]?.[1].split('\n')[1]],
      ],
    );
    assert.match(shown[4]?.[1] ?? '', /^MQUMNI \S+ \d+ 3 /m);
  },
);

test(
  'lsipc says that no mqueue is mounted, and passes over what is no object',
  { skip: alone },
  async (t) => {
    const script = `umount /dev/mqueue; mount -t tmpfs none /dev/mqueue; mkdir /dev/shm/folder; ln -s table /dev/shm/link
    : >/dev/shm/sem.torn`;
    const after = (...line: ['lsipc', ...string[]]) => {
      const { argv, ...circumstances } = ours({ line });
      return { argv: ['sh', '-c', `${script}; exec "$@"`, 'sh', ...argv], ...circumstances };
    };
    const scenes = [
      after('lsipc', '-Q', '-J'),
      after('lsipc', '-r'),
      after('lsipc', '-M', '-r', '-o', 'NAME'),
      after('lsipc', '-S', '-r', '-o', 'NAME,SVAL'),
    ];
    const played = await play(
      t,
      scenes.map((command) => ({ table: 'posix' as const, commands: [command] })),
    );
    const [queues, limits, memory, semaphores] = played.map(([outcome]) => outcome);
    const unmounted =
      "lsipc: /dev/mqueue does not seem to be mounted. Use 'mount -t mqueue none /dev/mqueue' to mount it.\n";
    assert.deepEqual([queues?.code, queues?.stdout, queues?.stderr], [1, '', unmounted]);
    assert.deepEqual([limits?.code, limits?.stderr], [0, unmounted]);
    assert.match(limits?.stdout ?? '', /^MQUMNI \S+ \d+ - -$/m);
    assert.deepEqual(
      memory?.stdout.split('\n').filter((line) => /folder|link/.test(line)),
      [],
    );
    assert.match(semaphores?.stdout ?? '', /^torn $/m);
    assert.match(semaphores?.stderr ?? '', /^lsipc: semaphore torn may not be read, or is not /);
  },
);
