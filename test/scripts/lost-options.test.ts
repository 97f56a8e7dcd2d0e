import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { root } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';
import { skipWithoutWorlds, startScene } from '../ipctools/support.js';

const skip = skipWithoutWorlds();

/** The npm that runs the tests, or the one of this machine. */
const npm = process.env['npm_execpath'];
const command = npm === undefined ? 'npm' : `${quoted(process.execPath)} ${quoted(npm)}`;

/** `npm start WORDS`, where no other server has the usual key. npm has a folder for its log. */
function npmStart(t: TestContext, words: string, env: Record<string, string> = {}): RunningProcess {
  const cache = temporaryFolder(t);
  return startScene(t, `cd ${quoted(root)}; exec ${command} start ${words}`, {
    env: { npm_config_cache: cache, ...env },
  });
}

test('npm start --key 200 is told to be npm start -- --key 200', { skip }, async (t) => {
  const server = npmStart(t, '--key 200');
  await server.waitFor('listening on key 0x00000080 (128)');
  assert.match(
    server.stderr,
    /^npm start: npm keeps --key for itself, .*; to pass options on, write: npm start -- --key 200$/m,
  );
});

test('an option that npm does not know is told of too, without the log of npm', { skip }, async (t) => {
  const server = npmStart(t, '--adopt-foreign', { npm_config_logs_max: '0' });
  await server.waitFor('listening on key 0x00000080 (128)');
  assert.match(
    server.stderr,
    /^npm start: npm keeps --adopt-foreign for itself, .* npm start -- --adopt-foreign/m,
  );
});

test('nothing is told of options behind the --, nor of npm’s own', { skip }, async (t) => {
  const server = npmStart(t, '--loglevel=http -- --key 200');
  await server.waitFor('listening on key 0x000000c8 (200)');
  assert.doesNotMatch(server.stderr, /npm start:/);
});
