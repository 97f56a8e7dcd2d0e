import assert from 'node:assert/strict';
import test from 'node:test';
import type { OtherObjects } from '@timeq/console/wire';
import { bin } from '../../helpers/node.js';
import { quoted } from '../../helpers/shell.js';
import { playPosix, skipWithoutPosixWorlds } from './scene.js';

/** Starts the program that is given, asks at the address that it prints, and prints the answer. */
const asking = `
  import { spawn } from 'node:child_process';
  import { once } from 'node:events';
  const server = spawn(process.execPath, process.argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(server.stdout, 'data');
  const answer = await fetch(String(line).trim() + 'posix');
  console.log(await answer.text());
  server.kill();`;

test('the page lists POSIX objects with what they hold', { skip: skipWithoutPosixWorlds() }, async (t) => {
  const scene = `
peer queue create /jobs 8 64; peer queue send /jobs 3 urgent
peer memory create '/<b>' 4096 0 hello
peer semaphore create /turn 2
${quoted(process.execPath)} --input-type=module -e ${quoted(asking)} ${quoted(bin('ipctools'))} serve`;
  const { stdout } = await playPosix(t, scene);
  const { objects, leftOut, absent } = JSON.parse(stdout.split('\n').at(-2) ?? '') as OtherObjects;
  assert.deepEqual([leftOut, absent], [0, []]);
  assert.deepEqual(
    objects.map(({ name, content, mode, verdict }) => [name, content, mode, verdict]),
    [
      ['posix queue /jobs', '1 of 8 messages', '0600', 'unknown'],
      ['posix memory /<b>', '4096 bytes', '0600', 'unknown'],
      ['posix semaphore /turn', 'value 2, 0 waiting', '0600', 'unknown'],
    ],
  );
});
