import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { playScene, skipWithoutWorlds } from './support.js';

const skip = skipWithoutWorlds();

// bash reads it if its input is a socket, as node's pipes are, and no shell started it.
test('a scene does not depend on the ~/.bashrc of who runs the tests', { skip }, async (t) => {
  const home = temporaryFolder(t);
  writeFileSync(`${home}/.bashrc`, 'echo read\n');
  const { stdout, code } = await playScene(t, 'echo played', { env: { HOME: home, SHLVL: undefined } });
  assert.deepEqual([stdout, code], ['played\n', 0]);
});
