import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { formatKey, ftok } from '@timeq/mq-native';
import { temporaryFolder } from '../helpers/folder.js';
import { ipctools } from './support.js';

function folderWith(t: TestContext, ...names: string[]): string {
  const folder = temporaryFolder(t);
  mkdirSync(`${folder}/below`);
  for (const name of names) writeFileSync(`${folder}/${name}`, '');
  return folder;
}

test('ftok prints the key of a file, with project id 1 or the one that is given', async (t) => {
  const folder = folderWith(t);
  assert.equal((await ipctools(t, ['ftok', folder])).stdout, `${formatKey(ftok(folder, 1))}\n`);
  assert.equal((await ipctools(t, ['ftok', folder, 'R'])).stdout, `${formatKey(ftok(folder, 0x52))}\n`);
  const { stdout } = await ipctools(t, ['ftok', folder, '255', '--json']);
  const key = ftok(folder, 255);
  assert.deepEqual(JSON.parse(stdout), {
    ftok: { key, keyHex: formatKey(key), projectId: 255, paths: [folder] },
  });
});

test('--find tells which file a key is from, also below directories, whatever its project id', async (t) => {
  const folder = folderWith(t, 'a', 'below/b');
  symlinkSync('..', `${folder}/below/loop`);
  const key = ftok(`${folder}/below/b`, 200);
  const { code, stdout } = await ipctools(t, ['ftok', '--find', key, folder]);
  assert.deepEqual([code, stdout], [0, `${folder}/below/b\n`]);
  const json = JSON.parse((await ipctools(t, ['ftok', '--find', key, folder, '--json'])).stdout) as {
    ftok: unknown;
  };
  assert.deepEqual(json.ftok, {
    key,
    keyHex: formatKey(key),
    projectId: 200,
    paths: [`${folder}/below/b`],
    failures: [],
  });
});

test('--find without a match is exit code 1, and tells what it could not look at', async (t) => {
  const folder = folderWith(t, 'a');
  const other = folderWith(t);
  const { code, stdout, stderr } = await ipctools(t, [
    'ftok',
    '--find',
    ftok(other, 1),
    `${folder}/a`,
    `${folder}/none`,
  ]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(
    stderr,
    /^ipctools: ENOENT: can't look at .*\/none\nipctools: no file there gives 0x01[0-9a-f]{6} .*\n$/,
  );
});

test('a path that is not there is exit code 1, wrong usage is 2', async (t) => {
  const missing = await ipctools(t, ['ftok', '/nowhere/at/all']);
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /^ipctools: ENOENT: [^\n]+\n$/);
  for (const words of [['ftok'], ['ftok', '/', '0'], ['ftok', '/', '1', '2'], ['ftok', '--find', 'x', '/']]) {
    assert.equal((await ipctools(t, words)).code, 2, words.join(' '));
  }
});
