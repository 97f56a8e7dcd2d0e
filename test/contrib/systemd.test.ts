import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { formatKey } from '@timeq/mq-native';
import { skipWithoutBridge } from '../bridge/support.js';
import { skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freshKey } from '../helpers/keys.js';
import { bin, root, runNode } from '../helpers/node.js';
import { run } from '../helpers/process.js';

const folder = join(root, 'contrib', 'systemd');
const skip = skipWithoutCommands('systemd-analyze');

/** The units under the names that systemd would start: a template by one of its instances. */
function installed(t: TestContext): string[] {
  const scratch = temporaryFolder(t);
  return [
    ['time-server.service', 'time-server.service'],
    ['time-server@.service', 'time-server@200.service'],
    ['timeq-bridge-out@.service', 'timeq-bridge-out@0x80.service'],
    ['timeq-bridge-in@.service', 'timeq-bridge-in@0x80.service'],
    ['ipctools-metrics.service', 'ipctools-metrics.service'],
    ['ipctools-metrics.timer', 'ipctools-metrics.timer'],
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
  for (const unit of installed(t).filter((path) => path.endsWith('.service'))) {
    // Threshold: in tenths, and the exit code says whether it is kept.
    const words = ['security', '--offline=true', '--threshold=25', '--no-pager', unit];
    const { code, stdout, stderr } = await run(t, 'systemd-analyze', words);
    assert.match(stdout, /Overall exposure level for .*: \d\.\d OK/);
    assert.deepEqual([code, stderr], [0, ''], stdout);
  }
});

function textOf(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

test('both units of the time server serve alike, at different keys', () => {
  const [one = '', other = ''] = ['time-server.service', 'time-server@.service'].map((name) =>
    textOf(name).replace(/^[^]*?\[Unit\]\nDescription=.*\n/, ''),
  );
  assert.equal(one.replace('--key 128', '--key %i'), other);
});

test('both units of the bridge are alike, but for the direction', () => {
  const [out = '', into = ''] = ['out', 'in'].map((direction) =>
    textOf(`timeq-bridge-${direction}@.service`)
      .replace(/^[^]*?\[Unit\]\nDescription=.*\n/, '')
      .replaceAll(`timeq-bridge ${direction} `, 'timeq-bridge ')
      .replaceAll(`bridge-${direction}-`, 'bridge-'),
  );
  assert.equal(out, into);
});

test('the bridge is confined as the time server is, but for the network', () => {
  const confined = (name: string): string[] =>
    (textOf(name).split('\nPrivateIPC=no\n')[1] ?? '')
      .split('\n')
      .filter((line) => !/^(?:RestrictAddressFamilies|IPAddressDeny)=/.test(line));
  assert.deepEqual(confined('timeq-bridge-out@.service'), confined('time-server.service'));
});

test('the command line of each bridge parses', { skip: skipWithoutBridge() }, async (t) => {
  for (const direction of ['out', 'in']) {
    const line = /^ExecStart=\/usr\/bin\/env timeq-bridge (.*)$/m.exec(
      textOf(`timeq-bridge-${direction}@.service`),
    )?.[1];
    const words = line
      ?.replace('%i', formatKey(freshKey(t)))
      .replace('${STREAM}', 'EVENTS')
      .replace('$OPTIONS', '--type 7 --json')
      .split(' ');
    const { code, stderr } = await runNode(t, [bin('timeq-bridge'), ...(words ?? [])]);
    assert.equal(code, 3);
    assert.match(stderr, /^timeq-bridge: no queue has key 0x/);
  }
});

test('the command line of the timer parses, and writes a file', async (t) => {
  const line = /^ExecStart=\/usr\/bin\/env ipctools (.*)$/m.exec(textOf('ipctools-metrics.service'))?.[1];
  const scratch = temporaryFolder(t);
  const folderOfExporter = '/var/lib/prometheus/node-exporter';
  assert.ok(textOf('ipctools-metrics.service').includes(`ReadWritePaths=-${folderOfExporter}\n`));
  const words = line?.split(' ').map((word) => word.replace(folderOfExporter, scratch)) ?? [];
  const { code, stderr } = await runNode(t, [bin('ipctools'), ...words]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(readFileSync(join(scratch, 'ipc.prom'), 'utf8'), /^ipc_messages \d+$/m);
});
