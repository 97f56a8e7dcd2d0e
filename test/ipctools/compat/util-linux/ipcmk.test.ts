import test from 'node:test';
import { assertSameEffect, lines } from './same.js';
import { skipWithoutUtilLinux, type Command } from './scenes.js';

const skip = skipWithoutUtilLinux();

test('ipcmk makes queues, segments and semaphores as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcmk -Q
    ipcmk --queue
    ipcmk --q
    ipcmk -Q -Q
    ipcmk -M 4096
    ipcmk -M 1 -M 2
    ipcmk --shmem=10
    ipcmk --sh 3
    ipcmk -S 3
    ipcmk -S +3
    ipcmk -S 03
    ipcmk --semaphore 3
    ipcmk -S 32000
    ipcmk -Q -M 1 -S 1
    ipcmk -S 1 -M 1 -Q
    ipcmk -Q extra
  `);
  await assertSameEffect(t, 'nothing', commands);
});

test('ipcmk takes modes as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcmk -Q -p 600
    ipcmk -Q -p 0
    ipcmk -Q -p 0777
    ipcmk -Q -p +6
    ipcmk -p 0600 -Q
    ipcmk --queue --mode=600
    ipcmk -M 1 -p 000
    ipcmk -Q -p 2666
    ipcmk -Q -p 7777
    ipcmk -Q -p 37777777777
    ipcmk -Q -p 999
    ipcmk -Q -p abc
    ipcmk -Q -p 6x
    ipcmk -Q -p 0x1ff
    ipcmk -Q -p u=rw
    ipcmk -Q -p 77777777777777777777777777
  `);
  const texts: Command[] = [
    { line: ['ipcmk', '-Q', '-p', ''] },
    { line: ['ipcmk', '-Q', '-p', '6 '] },
    { line: ['ipcmk', '-Q', '-p', ' 600'] },
  ];
  await assertSameEffect(t, 'nothing', [...commands, ...texts]);
});

test('ipcmk takes sizes with and without a unit as util-linux does', { skip }, async (t) => {
  const sizes = `1K 1k 1KB 1kb 1Kb 1KiB 1kib 1KIB 1ki 1iB 1B 1x 1KK 2MiB 1M 1MB 1mb 3m 0x1000 0x10K 010 010K 08 0x
    1.5K 1.5KB 0.5K 00.5K 1.K 1.KiB 1.kb 1.B 1.5 1.5x 1.5Q .5K ,5K 1,5K 1.05.5K 1.-5K 0 0Y 0.0001K -1 abc +5
    1E 16E 17E 1Z 1Y 18446744073709551615 18446744073709551616 99999999999999999999`;
  const commands = sizes.split(/\s+/).map((size): Command => ({ line: ['ipcmk', '-M', size] }));
  const texts = ['', ' 12', '\t12', '12 ', '1 K', ' -5', '1. 5K'].map((size): Command => ({
    line: ['ipcmk', '-M', size],
  }));
  await assertSameEffect(t, 'nothing', [...commands, ...texts]);
});

test('ipcmk says what cannot be made as util-linux does', { skip }, async (t) => {
  const commands = lines(`
    ipcmk
    ipcmk extra
    ipcmk --
    ipcmk -- -Q
    ipcmk -p 600
    ipcmk -S 0
    ipcmk -S -1
    ipcmk -S abc
    ipcmk -S 3x
    ipcmk -S 0x3
    ipcmk -S 32001
    ipcmk -S 100000
    ipcmk -S 2147483648
    ipcmk -S 4294967297
    ipcmk -S 99999999999999999999
    ipcmk -Q -M 0 -S 1
    ipcmk -S -1 -Q
    ipcmk -M
    ipcmk -S
    ipcmk -p
    ipcmk -Q -x
    ipcmk -x -Q
    ipcmk --s 3
    ipcmk -QM1S1
  `);
  await assertSameEffect(t, 'nothing', [...commands, { line: ['ipcmk', '-S', ''] }]);
  await assertSameEffect(t, 'nothing', [{ line: ['ipcmk', '-Q'], full: true }]);
});
