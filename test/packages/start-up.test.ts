import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { freshKey } from '../helpers/keys.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import { run, type Exit } from '../helpers/process.js';

/** Says on standard error, at the end, which modules of Node were loaded beside those that it always loads. */
const preload = `data:text/javascript,${encodeURIComponent(`
  const before = new Set(process.moduleLoadList);
  process.on('exit', () => {
    const names = process.moduleLoadList.filter((name) => !before.has(name));
    console.error(names.map((name) => name.replace('NativeModule ', '')).join('\\n'));
  });`)}`;

const slow = [
  'child_process',
  'crypto',
  'readline',
  'fs/promises',
  'timers/promises',
  'worker_threads',
  'module',
];

const preloaded = (...command: string[]): string[] => ['--import', preload, ...command];

function slowModulesIn({ stderr, code }: Exit): string[] {
  assert.equal(code, 0, stderr);
  const loaded = stderr.split('\n');
  assert.ok(loaded.includes('os'), 'the list of loaded modules is not as it was');
  return slow.filter((name) => loaded.includes(name));
}

test('a command loads no module of Node that is slow and that it has no use for', async (t) => {
  const key = String(freshKey(t));
  const server = startNode(t, [bin('time-server'), '--key', key]);
  await server.waitFor('listening');
  // The memory that bodies are received into must not be transferred, which only worker_threads can say.
  const client = await runNode(t, preloaded(bin('time-client'), 'now', '--key', key));
  assert.deepEqual(slowModulesIn(client), ['worker_threads']);
  assert.deepEqual(slowModulesIn(await runNode(t, preloaded(bin('time-server'), '--help'))), []);
});

/** Says on standard error, at the end, which files of a bundle were loaded. */
const tellFiles = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module';
  const { cache } = createRequire(process.execPath);
  process.on('exit', () => console.error(Object.keys(cache).filter((path) => path.endsWith('.cjs')).join('\\n')));`)}`;

test('formats and help are loaded only when they are asked for', async (t) => {
  const key = String(freshKey(t));
  const server = startNode(t, [bin('time-server'), '--key', key]);
  await server.waitFor('listening');
  const filesOf = async (...words: string[]): Promise<string[]> => {
    const { stderr } = await runNode(t, ['--import', tellFiles, bin('time-client'), ...words, '--key', key]);
    return stderr
      .trim()
      .split('\n')
      .map((path) => basename(path, '.cjs'));
  };
  const always = ['main', 'native', 'now', 'objects', 'rolldown-runtime', 'shared'];
  assert.deepEqual((await filesOf('now')).toSorted(), [...always, 'parse', 'read-settings'].toSorted());
  assert.ok((await filesOf('now', '--format', '+%H')).includes('strftime'));
  assert.ok((await filesOf('now', '--help')).includes('help'));
});

test('a server loads nothing of NATS unless it is to serve over it', async (t) => {
  const words = ['--import', tellFiles, bin('time-server'), '--key', String(freshKey(t))];
  const ofNats = (stderr: string): string[] =>
    stderr.split('\n').filter((path) => /nats|transport/.test(basename(path)));
  const server = startNode(t, words);
  await server.waitFor('listening');
  server.kill('SIGTERM');
  const { stderr } = await server.exit();
  assert.match(stderr, /main\.cjs$/m);
  assert.deepEqual(ofNats(stderr), []);
  // Nothing listens at that port.
  const overNats = await runNode(t, [...words, '--nats', '--server', 'nats://127.0.0.1:1']);
  assert.notDeepEqual(ofNats(overNats.stderr), []);
});

test('a verb without options and words loads no parser', async (t) => {
  const { stdout, stderr, code } = await runNode(t, ['--import', tellFiles, bin('ipctools'), 'limits']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /msgmni/);
  const files = stderr.split('\n').map((path) => basename(path, '.cjs'));
  assert.ok(files.includes('limits'), stderr);
  assert.ok(!files.includes('parse'), stderr);
});

test('nor does ipctools ipcs', async (t) => {
  assert.deepEqual(slowModulesIn(await run(t, process.execPath, preloaded(bin('ipctools'), 'ipcs'))), []);
});

test('a command that npm links to finds its files where they are', async (t) => {
  const folder = temporaryFolder(t);
  symlinkSync(bin('ipctools'), join(folder, 'ipctools'));
  const { stdout, code } = await runNode(t, [join(folder, 'ipctools'), '--version']);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal(code, 0);
});
