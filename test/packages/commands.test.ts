import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { atEnd } from '../helpers/cleanup.js';
import { bin, runNode } from '../helpers/node.js';
import { Scratch } from './project.js';

for (const command of ['time-server', 'time-client', 'ipctools', 'timeq-bridge'] as const) {
  const home = dirname(dirname(bin(command)));

  test(`${command} --version prints the version of its package`, async (t) => {
    const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
    const { code, stdout } = await runNode(t, [bin(command), '--version']);
    assert.deepEqual([code, stdout], [0, `${version}\n`]);
  });

  test(`${command} says in one sentence that its checkout is not built`, async (t) => {
    const scratch = new Scratch();
    atEnd(t, () => {
      scratch.remove();
    });
    writeFileSync(join(scratch.path, 'package.json'), '{"type":"module"}');
    cpSync(join(home, 'bin'), join(scratch.path, 'bin'), { recursive: true });
    const { code, stdout, stderr } = await runNode(t, [join(scratch.path, 'bin', `${command}.js`)]);
    assert.deepEqual([code, stdout], [1, '']);
    assert.equal(stderr, `${command}: not built yet; run "npm run build" in the root of the repository\n`);
  });
}
