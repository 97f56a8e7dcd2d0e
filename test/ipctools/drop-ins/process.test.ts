import assert from 'node:assert/strict';
import test from 'node:test';
import { bin, runNode } from '../../helpers/node.js';
import { play, ours, skipWithoutScenes } from './scenes.js';

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

/** A module to be given to --import: it writes the address of every module that is loaded to standard error. */
const tellLoads = dataUrl(`import { register } from 'node:module';
  register(${JSON.stringify(
    dataUrl(`export async function load(url, context, next) {
      process._rawDebug(url);
      return next(url, context);
    }`),
  )});`);

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}

test('the drop-ins load neither commander nor cli-table3', async (t) => {
  for (const program of ['ipcs', 'ipcrm', 'ipcmk']) {
    const { code, stderr } = await runNode(t, ['--import', tellLoads, bin('ipctools'), program, '--version']);
    assert.equal(code, 0);
    assert.ok(stderr.includes(`/drop-ins/${program}.js`));
    assert.doesNotMatch(stderr, /commander|cli-table3/);
  }
});
