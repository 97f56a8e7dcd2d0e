import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { atEnd } from '../helpers/cleanup.js';
import { skipWithoutCommands } from '../helpers/commands.js';
import { root } from '../helpers/node.js';
import { run } from '../helpers/process.js';

const folder = join(root, 'contrib', 'systemd');
const skip = skipWithoutCommands('systemd-analyze');

/** The units under the names that systemd would start: a template by one of its instances. */
function installed(t: TestContext): string[] {
  const scratch = mkdtempSync(join(tmpdir(), 'timeq-units-'));
  atEnd(t, () => {
    rmSync(scratch, { recursive: true });
  });
  return [
    ['time-server.service', 'time-server.service'],
    ['time-server@.service', 'time-server@200.service'],
  ].map(([file = '', name = '']) => {
    copyFileSync(join(folder, file), join(scratch, name));
    return join(scratch, name);
  });
}

test('systemd has no complaint about the units', { skip }, async (t) => {
  const { code, stdout, stderr } = await run(t, 'systemd-analyze', ['verify', '--man=no', ...installed(t)]);
  assert.deepEqual([code, stdout, stderr], [0, '', '']);
});

test('systemd finds that the units are exposed to little', { skip }, async (t) => {
  for (const unit of installed(t)) {
    // Threshold: in tenths, and the exit code says whether it is kept.
    const words = ['security', '--offline=true', '--threshold=25', '--no-pager', unit];
    const { code, stdout, stderr } = await run(t, 'systemd-analyze', words);
    assert.match(stdout, /Overall exposure level for .*: \d\.\d OK/);
    assert.deepEqual([code, stderr], [0, ''], stdout);
  }
});

test('both units serve alike, at different keys', () => {
  const [one = '', other = ''] = ['time-server.service', 'time-server@.service'].map((name) =>
    readFileSync(join(folder, name), 'utf8').replace(/^[^]*?\[Unit\]\nDescription=.*\n/, ''),
  );
  assert.equal(one.replace('--key 128', '--key %i'), other);
});
