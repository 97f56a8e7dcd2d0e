import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import test from 'node:test';
import type { Program } from '@timeq/cli-kit/verbs/verb';
import { PROGRAM as timeqBridge } from '#bridge/cli/program';
import { PROGRAM as ipctools } from '#ipctools/cli/program';
import { PROGRAM as timeClient } from '#time-client/cli/program';
import { program as timeServer } from '#time-server/cli/program';
import { skipOrFail, skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { unshare, works } from '../helpers/namespace.js';
import { bin, root } from '../helpers/node.js';
import { skipWithoutNats } from '../helpers/nats.js';
import { ownPosixPlaces } from '../helpers/posix-places.js';
import { run } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';
import { SCENES as BRIDGE_SCENES } from './examples/bridge.js';
import { SCENES as IPCTOOLS_SCENES } from './examples/ipctools.js';
import type { Scene, Scenes } from './examples/scene.js';
import { CLIENT_SCENES, SERVER_SCENES } from './examples/time.js';

const PROGRAMS: readonly (readonly [Program, Scenes])[] = [
  [ipctools, IPCTOOLS_SCENES],
  [timeClient, CLIENT_SCENES],
  [timeServer({}), SERVER_SCENES],
  [timeqBridge, BRIDGE_SCENES],
];

const world = unshare('--ipc', '--net', '--pid', '--fork', '--kill-child', '--mount-proc');
const tools = ['bash', 'script', 'ip', 'jq', 'fish', 'perl', 'setsid'];
const skip =
  skipWithoutCommands(...tools) ||
  (!works(['sh', '-c', 'ls /usr/lib/*/faketime/libfaketime.so.1']) &&
    skipOrFail('libfaketime is not installed (Debian: libfaketime)')) ||
  skipWithoutNats() ||
  (world.includes('--map-root-user') && 'the groups of the examples exist for root only') ||
  (!works([...world, 'sh', '-c', ownPosixPlaces]) &&
    skipOrFail('namespaces with mounts and a network of their own cannot be made here (unshare)'));

for (const [{ name, examples, verbs }, scenes] of PROGRAMS) {
  const all = new Set([...examples, ...verbs.flatMap((verb) => verb.examples ?? [])].map(([line]) => line));

  test(`each verb of ${name} has two to four examples, and each of them a scene`, () => {
    const other = verbs
      .map((verb) => [verb.name, verb.examples?.length ?? 0] as const)
      .filter(([, count]) => count < 2 || count > 4);
    assert.deepEqual(other, []);
    assert.deepEqual([...all].toSorted(), Object.keys(scenes).toSorted());
  });

  for (const line of all)
    test(`the example works: ${line}`, { skip }, async (t) => {
      const scene = scenes[line] ?? assert.fail('it has no scene');
      const stage = temporaryFolder(t);
      const commands = `${stage}/commands`;
      mkdirSync(commands);
      for (const command of ['ipctools', 'time-client', 'time-server', 'timeq-bridge'] as const)
        symlinkSync(bin(command), `${commands}/${command}`);
      symlinkSync(process.execPath, `${commands}/node`);
      const script = `. ${quoted(`${root}test/packages/examples/stage.sh`)}\n${scriptOf(line, scene)}\nexit $failed`;
      const env = { STAGE: stage, COMMANDS: commands, POSIX_PLACES: ownPosixPlaces };
      const [command = '', ...rest] = world;
      const { code, stdout, stderr } = await run(t, command, [...rest, 'bash', '--norc', '-c', script], {
        env,
      });
      assert.equal(code, 0, `${stdout}\n${stderr}`);
    });
}

function scriptOf(line: string, { before = '', code = 0, wants, until, keys, shell }: Scene): string {
  const call = (how: string, ...words: string[]): string =>
    [how, ...[line, String(code), wants, ...words].map(quoted)].join(' ');
  if (keys !== undefined) return `${before}\n${call('typed', keys)}`;
  return `${before}\n${until === undefined ? call('example', shell ?? 'bash') : call('running', until)}`;
}
