import test from 'node:test';
import { assertSameView, lines } from './same.js';
import { skipWithoutUtilLinux, type Command } from './scenes.js';
import { skipWithoutStranger } from '../../support.js';

const skip = skipWithoutUtilLinux();

test('ipcs lists queues, segments and semaphores as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcs
    ipcs -q
    ipcs -m
    ipcs -s
    ipcs -a
    ipcs -a -q
    ipcs -qs
    ipcs -m -q
    ipcs --queues --shmems
    ipcs --semaphores
    ipcs extra
    ipcs -q extra
    ipcs -
    ipcs -q --
    ipcs -- -q
  `);
  await assertSameView(t, 'rich', commands);
  await assertSameView(t, 'nothing', lines('ipcs\nipcs -t\nipcs -p\nipcs -c\nipcs -u'));
});

test('ipcs shows times, processes and creators as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcs -t
    ipcs -p
    ipcs -c
    ipcs -qt
    ipcs -mt
    ipcs -st
    ipcs -qp
    ipcs -mp
    ipcs -sp
    ipcs -tp
    ipcs -pt
    ipcs -ct
    ipcs -ltpc
    ipcs --time
    ipcs --pid
    ipcs --creator
  `);
  await assertSameView(t, 'rich', commands);
});

test('ipcs shows limits and sums as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcs -l
    ipcs -u
    ipcs -ql
    ipcs -ml
    ipcs -sl
    ipcs -qu
    ipcs -mu
    ipcs -su
    ipcs -lu
    ipcs -ul
    ipcs -cl
    ipcs --limits
    ipcs --summary
  `);
  await assertSameView(t, 'rich', commands);
});

test('ipcs shows sizes in bytes, in kilobytes and for people as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcs --human
    ipcs -b
    ipcs -l --human
    ipcs -l -b
    ipcs -u --human
    ipcs -u -b
    ipcs --human -b -q
    ipcs -b --human -q
    ipcs --bytes --human
    ipcs -b -c -q
    ipcs -q -i 7 --human
    ipcs -q -i 7 -b
    ipcs -m -i 4 --human
    ipcs -m -i 4 -b
  `);
  await assertSameView(t, 'rich', commands);
});

test('ipcs shows everything about one object as util-linux does', { skip }, async (t) => {
  const ids = (letter: string, last: number): string =>
    Array.from({ length: last + 1 }, (_, id) => `ipcs -${letter} -i ${id}`).join('\n');
  // Queues 9 to 11 have been removed, and are not found.
  await assertSameView(t, 'rich', lines(ids('q', 8)));
  await assertSameView(t, 'rich', lines(ids('m', 8)));
  await assertSameView(t, 'rich', lines(ids('s', 3)));
  const spellings = lines(`
    ipcs --id 3 -q
    ipcs --id=3 -q
    ipcs -i0 -q
    ipcs -qi0
    ipcs -q -i +3
    ipcs -q -t -i 0
    ipcs -i 0 -i 1 -q
    ipcs -q --i=3
  `);
  await assertSameView(t, 'rich', [...spellings, { line: ['ipcs', '-q', '-i', ' 3'] }]);
});

test('ipcs refuses ids that are none, and several kinds at once, as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcs -i
    ipcs -qi
    ipcs --id
    ipcs --i
    ipcs --i=
    ipcs -i 3
    ipcs --id=3
    ipcs --id= -q
    ipcs -q -i abc
    ipcs -q -i 3x
    ipcs -q -i 0x3
    ipcs -q -i 2147483648
    ipcs -q -i 4294967296
    ipcs -q -i 9223372036854775808
    ipcs -q -i -9223372036854775809
    ipcs -qm -i 0
    ipcs -a -i 0
    ipcs -i 0 -q -m
  `);
  await assertSameView(t, 'three', [
    ...commands,
    { line: ['ipcs', '-q', '-i', ''] },
    { line: ['ipcs', '-q', '-i', '3 '] },
  ]);
});

test('ipcs understands its command line as getopt_long does', { skip }, async (t) => {
  const commands = lines(`
    ipcs -x
    ipcs --foo
    ipcs --foo=3
    ipcs --h
    ipcs --h=1
    ipcs --hu
    ipcs --s
    ipcs --sem
    ipcs --l
    ipcs --p
    ipcs --q
    ipcs --m
    ipcs --u
    ipcs --w
    ipcs --po
    ipcs --v
    ipcs --vers=3
    ipcs --queues=1
    ipcs ---
    ipcs --=
    ipcs --=x
    ipcs -q-
    ipcs -q-x
    ipcs -q -x -h
    ipcs -q -h -x
    ipcs -o
    ipcs -W
    ipcs -?
    ipcs -:
    ipcs -;
    ipcs -é
    ipcs --é
  `);
  const strict: Command[] = [
    { line: ['ipcs', 'extra', '-x'], env: { POSIXLY_CORRECT: '1' } },
    { line: ['ipcs', 'extra', '-q'], env: { POSIXLY_CORRECT: '1' } },
    { line: ['ipcs', '-x'], env: { POSIXLY_CORRECT: '' } },
  ];
  await assertSameView(t, 'three', [...commands, ...strict]);
});

test('--help and --version are those of util-linux', { skip }, async (t) => {
  const commands = ['ipcs', 'ipcrm', 'ipcmk'].flatMap((program) =>
    lines(`
      ${program} -h
      ${program} --help
      ${program} --hel
      ${program} -V
      ${program} --version
      ${program} -hV
      ${program} -Vh
      ${program} --help=1
    `),
  );
  await assertSameView(t, 'nothing', commands);
});

test('ipcs writes times in the zone that TZ names, as util-linux does', { skip }, async (t) => {
  const zones = [
    'America/New_York',
    ':Europe/Berlin',
    '/usr/share/zoneinfo/Asia/Tokyo',
    'EST5EDT',
    'XYZ3',
    '<+0330>-3:30',
    'NZST-12NZDT,M9.5.0,M4.1.0/3',
    'AAA3BBB,J60/0,J300/0',
    'AAA3BBB,300/24,59/0',
    'No/Such_Zone',
    '',
  ];
  const commands = zones.flatMap((TZ): Command[] => [
    { line: ['ipcs', '-q', '-i', '0'], env: { TZ } },
    { line: ['ipcs', '-t'], env: { TZ } },
  ]);
  await assertSameView(t, 'rich', commands);
});

test('ipcs says that it could not write, as util-linux does', { skip }, async (t) => {
  const commands = lines('ipcs -q\nipcs -q -i 0\nipcs -V\nipcs -h\nipcs -x');
  await assertSameView(
    t,
    'three',
    commands.map((command) => ({ ...command, full: true })),
  );
});

test(
  'ipcs shows a user what others own as util-linux does',
  { skip: skip || skipWithoutStranger() },
  async (t) => {
    const commands = lines(`
      ipcs
      ipcs -t
      ipcs -c
      ipcs -u
      ipcs -q -i 1
      ipcs -q -i 3
      ipcs -m -i 0
      ipcs -m -i 4
      ipcs -s -i 0
      ipcs -s -i 1
      ipcs -s -i 2
      ipcs -s -i 3
    `);
    await assertSameView(
      t,
      'rich',
      commands.map((command) => ({ ...command, user: 1 })),
    );
  },
);
