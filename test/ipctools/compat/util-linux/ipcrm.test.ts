import test from 'node:test';
import { assertSameEffect, lines } from './same.js';
import { skipWithoutUtilLinux, type Command } from './scenes.js';
import { skipWithoutStranger } from '../../support.js';

const skip = skipWithoutUtilLinux();

test('ipcrm removes by id and by key as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcrm -q 1
    ipcrm -m 1
    ipcrm -s 1
    ipcrm -q1
    ipcrm -q +1
    ipcrm -q 1 -v
    ipcrm -v -q 1
    ipcrm -vq1
    ipcrm -v -q 1 -m 2 -s 0
    ipcrm -Q 0x1234
    ipcrm -Q0x1234
    ipcrm -M 0x1234
    ipcrm -S 0x1234
    ipcrm -v -Q 4660
    ipcrm -v -Q 011064
    ipcrm -v -Q 0X1234
    ipcrm -q 1 --
    ipcrm -m 0 -M 0x1235 -v
    ipcrm --queue-id 1
    ipcrm --queue-id=1
    ipcrm --queue-key=0x1234
    ipcrm --queue-i 1
    ipcrm --verb -q 1
    ipcrm --shmem-id=1 --semaphore-id=2 --shmem-key 0x1234 --semaphore-key 0x1234
    ipcrm -m 2
    ipcrm -v -m 2 -m 2
    ipcrm -v
    ipcrm --
  `);
  const blank: Command[] = [{ line: ['ipcrm', '-q', ' 1'] }, { line: ['ipcrm', '-Q', ' 0x1234'] }];
  await assertSameEffect(t, 'three', [...commands, ...blank]);
});

test('ipcrm removes all of a kind, and of all kinds, as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcrm -a
    ipcrm --all
    ipcrm -v -a
    ipcrm --all=msg
    ipcrm --all=shm
    ipcrm --all=sem
    ipcrm -v --all=sem
    ipcrm -amsg
    ipcrm --al=msg
    ipcrm --all=msg --all=shm
    ipcrm --all=msg --all
    ipcrm -q 1 -a
    ipcrm -a=msg
    ipcrm --all=
    ipcrm --all=foo
  `);
  await assertSameEffect(t, 'three', commands);
});

test('ipcrm understands the old syntax as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcrm msg 1
    ipcrm shm 0
    ipcrm sem 0
    ipcrm msg 0 1 2
    ipcrm msg 0 99 2
    ipcrm msg 1 1
    ipcrm msg 99
    ipcrm msg -1
    ipcrm msg abc
    ipcrm msg 0x1
    ipcrm msg 18446744073709551616
    ipcrm msg
    ipcrm shm
    ipcrm sem
    ipcrm ms 1
    ipcrm foo 0
    ipcrm help
  `);
  await assertSameEffect(t, 'three', [...commands, { line: ['ipcrm', 'msg', ' 1'] }]);
});

test('ipcrm says what is not there or wrong as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcrm -q 99
    ipcrm -m 99
    ipcrm -s 99
    ipcrm -q -1
    ipcrm -q 99 -q 1
    ipcrm -q 1 -q 1
    ipcrm -Q 0x9999
    ipcrm -M 0x9999
    ipcrm -S 0x9999
    ipcrm -Q -1
    ipcrm -Q 0x9999 -q 1
    ipcrm -s 1 -S 0x1235
    ipcrm -Q 0x1234 -Q 0x1234
    ipcrm -q 0 -Q 0x1234
    ipcrm -Q 0
    ipcrm -M 0x0
    ipcrm -S 00
    ipcrm -Q 0 --bogus
    ipcrm -Q 0 -q 1
    ipcrm -q 1 -Q 0 -Q 0x0
    ipcrm msg Message msqid 0 1 2
    ipcrm msg 0 x 2
    ipcrm msg -q 1
    ipcrm msg x
    ipcrm shm key 0 1x
    ipcrm -q abc
    ipcrm -q abc -q 1
    ipcrm -q 0x1
    ipcrm -q 2147483648
    ipcrm -q 4294967297
    ipcrm -q 18446744073709551617
    ipcrm -Q abc
    ipcrm -Q 0x1234x
    ipcrm -Q 0x
    ipcrm -Q 08
    ipcrm -Q 99999999999999999999999
  `);
  const texts: Command[] = [
    { line: ['ipcrm', '-q', ''] },
    { line: ['ipcrm', '-Q', ''] },
    { line: ['ipcrm', '-q', '1 '] },
  ];
  await assertSameEffect(t, 'three', [...commands, ...texts]);
  await assertSameEffect(t, 'wrapped', lines('ipcrm -q 0\nipcrm -q 32768\nipcrm msg 0\nipcrm -q 1'));
});

test('ipcrm understands its command line as getopt_long does', { skip }, async (t) => {
  const commands = lines(`
    ipcrm -q
    ipcrm -x
    ipcrm -i
    ipcrm --q 1
    ipcrm --queue 1
    ipcrm --v
    ipcrm --ver
    ipcrm --vers
    ipcrm --queue-id
    ipcrm --verbose=1
    ipcrm extra
    ipcrm -
    ipcrm -v msg 1
    ipcrm -- -q 1
  `);
  const strict: Command = { line: ['ipcrm', 'x', '-q', '1'], env: { POSIXLY_CORRECT: '1' } };
  await assertSameEffect(t, 'three', [...commands, strict]);
});

test('ipcrm says that it could not write, as util-linux does', { skip }, async (t) => {
  const commands = lines('ipcrm -v -q 1\nipcrm msg 1\nipcrm -q 1\nipcrm -h');
  await assertSameEffect(
    t,
    'three',
    commands.map((command) => ({ ...command, full: true })),
  );
});

test(
  'ipcrm leaves to others what is theirs, as util-linux does',
  { skip: skip || skipWithoutStranger() },
  async (t) => {
    const commands = lines(`
      ipcrm -q 1
      ipcrm -Q 0x1234
      ipcrm -M 0x1234
      ipcrm -S 0x1234
      ipcrm -m 1 -s 1
      ipcrm msg 1
      ipcrm -a
      ipcrm --all=msg
    `);
    const asOther = commands.map((command) => ({ ...command, user: 1 }));
    await assertSameEffect(t, 'three', asOther);
    // There, some may be read but not removed, and some are the user's own.
    await assertSameEffect(t, 'rich', asOther.slice(-2));
  },
);
