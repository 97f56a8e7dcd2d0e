import assert from 'node:assert/strict';
import test from 'node:test';
import { bin, runNode } from '../../../helpers/node.js';
import { play, ours, skipWithoutScenes } from './scenes.js';
import { tellModules } from '../../loaded-modules.js';

const skip = skipWithoutScenes();

test('ipcs ends quietly when its reader goes away, with the code of SIGPIPE', { skip }, async (t) => {
  const { argv } = ours({ line: ['ipcs', '-q'] });
  const script = '"$@" | head -n 1; exit "${PIPESTATUS[0]}"';
  const [[outcome] = []] = await play(t, [
    { table: 'many', commands: [{ argv: ['bash', '-c', script, 'bash', ...argv] }] },
  ]);
  assert.deepEqual({ code: outcome?.code, stderr: outcome?.stderr }, { code: 141, stderr: '' });
});

test('ipcs writes a long table whole', { skip }, async (t) => {
  const [[outcome] = []] = await play(t, [{ table: 'many', commands: [ours({ line: ['ipcs', '-q'] })] }]);
  const rows = outcome?.stdout.split('\n').filter((line) => line.startsWith('0x')) ?? [];
  assert.equal(rows.length, 3000);
  assert.equal(rows.at(-1), '0x00010bb7 2999       root       600        0            0           ');
});

test('the drop-ins load neither commander nor cli-table3', async (t) => {
  for (const program of ['ipcs', 'ipcrm', 'ipcmk', 'lsipc']) {
    const { code, stderr } = await runNode(t, [
      '--import',
      tellModules,
      bin('ipctools'),
      program,
      '--version',
    ]);
    assert.equal(code, 0);
    assert.ok(stderr.includes(`/util-linux/${program}/main.js`));
    assert.doesNotMatch(stderr, /commander|cli-table3/);
  }
});
