import assert from 'node:assert/strict';
import test from 'node:test';
import { KNOWS_POSIX, releases } from './releases.js';
import { ours, play, skipWithoutUtilLinux, theirs, type Command } from './scenes.js';

const release = releases.find(({ version }) => version >= KNOWS_POSIX);
const skip =
  skipWithoutUtilLinux() ||
  (release ? false : 'no util-linux 2.41 is here (scripts/other-util-linux gets it)');

test(
  'ipcrm -a leaves POSIX objects alone, of which util-linux 2.41 removes what it finds',
  { skip },
  async (t) => {
    assert.ok(release);
    const all: Command = { line: ['ipcrm', '-a'] };
    const scenes = [theirs(all, release), ours(all)].map(({ argv, ...circumstances }) => ({
      table: 'three' as const,
      commands: [
        {
          argv: ['sh', '-c', 'touch /dev/shm/segment; "$@" 2>&1; ls /dev/shm', 'sh', ...argv],
          ...circumstances,
        },
      ],
    }));
    const [[their] = [], [our] = []] = await play(t, scenes);
    assert.ok(their && our);
    assert.equal(their.stdout.replace(/^ipcrm: \/dev\/mqueue .*\n/, ''), '');
    assert.equal(our.stdout, 'segment\n');
    assert.deepEqual(our.left, their.left);
  },
);

test('ipcmk and ipcrm refuse the options for POSIX objects, and change nothing', { skip }, async (t) => {
  const commands: Command[] = [
    { line: ['ipcmk', '--posix-shmem', '10', '--name', 'a'] },
    { line: ['ipcrm', '-q', '1', '--posix-mqueue', 'a'] },
    { line: ['ipcrm', '--all=pmsg'] },
  ];
  const outcomes = await play(
    t,
    commands.map((command) => ({ table: 'three', commands: [ours(command)] })),
  );
  for (const [outcome] of outcomes) {
    assert.equal(outcome?.code, 1);
    assert.match(outcome?.stderr ?? '', /unrecognized option '--posix-|unknown argument: pmsg/);
    assert.equal(outcome?.left.queues.length, 3);
  }
});
