import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import test, { type TestContext } from 'node:test';
import { writeScript } from '#ipctools/compat/util-linux/scripts';
import { MessageQueue } from '@timeq/mq-native';
import { skipOrFail, skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { freshKey } from '../helpers/keys.js';
import { bin } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';
import { ipctools } from './support.js';

const NAMES = ['ipcmk', 'ipcrm', 'ipcs', 'lsipc'];
/** What cron gives to a job. */
const CRON_PATH = '/usr/bin:/bin';

/** A path that a shell has to quote. */
const folder = (t: TestContext): string => temporaryFolder(t, "drop 'ins-");

async function installed(t: TestContext): Promise<string> {
  const path = folder(t);
  const { code, stdout } = await ipctools(t, ['drop-ins', '--install', path]);
  assert.deepEqual([code, stdout], [0, `installed ipcs, ipcrm, ipcmk, lsipc in ${path}\n`]);
  assert.deepEqual(readdirSync(path), NAMES);
  return path;
}

/** Removes a queue with a script of sh(1) that calls ipcrm with its id as $1, and nothing but cron's PATH behind the folder. */
async function removesBy(t: TestContext, path: string, command: string[]): Promise<void> {
  const queue = MessageQueue.create(freshKey(t));
  const words = [...command, 'sh', String(queue.id)];
  const { code, stderr } = await run(t, '/usr/bin/env', ['-i', `PATH=${path}:${CRON_PATH}`, ...words]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.ok(!MessageQueue.list().some(({ id }) => id === queue.id));
}

test('scripts, xargs, env and cron find the installed drop-ins', async (t) => {
  const path = await installed(t);
  await removesBy(t, path, ['sh', '-c', 'ipcrm -q "$1"']);
  await removesBy(t, path, ['sh', '-c', 'echo "$1" | xargs -n 1 ipcrm msg >/dev/null']);
  await removesBy(t, path, ['sh', '-c', 'echo "ipcrm -q $1" | sh']);
  await removesBy(t, path, ['sh', '-c', 'env ipcrm -q "$1"']);
  await removesBy(t, path, [
    'sh',
    '-c',
    'id=$1; ipcs -q | grep -q " $id " && lsipc -q -i "$id" >/dev/null && ipcrm -q "$id"',
  ]);
});

function skipWithoutSudo(): string | false {
  if (spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0) return false;
  return skipWithoutCommands('sudo') || skipOrFail('sudo wants a password');
}

test('sudo finds the installed drop-ins', { skip: skipWithoutSudo() }, async (t) => {
  const path = await installed(t);
  await removesBy(t, path, ['sh', '-c', `sudo -n ${quoted(`${path}/ipcrm`)} -q "$1"`]);
});

test('a link to ipctools that is called ipcs is ipcs', async (t) => {
  const path = folder(t);
  for (const name of NAMES) symlinkSync(bin('ipctools'), `${path}/${name}`);
  for (const name of NAMES) {
    const PATH = `${path}:${dirname(process.execPath)}:${CRON_PATH}`;
    const { code, stdout } = await run(t, 'sh', ['-c', `${name} --version`], { env: { PATH } });
    assert.deepEqual([code, stdout.split(' ')[0]], [0, name]);
  }
});

test('--install replaces its own scripts and nothing else', async (t) => {
  const path = await installed(t);
  writeFileSync(`${path}/lsipc`, `${readFileSync(`${path}/lsipc`, 'utf8')}# changed\n`);
  assert.equal((await ipctools(t, ['drop-ins', '--install', path])).code, 0);
  assert.doesNotMatch(readFileSync(`${path}/lsipc`, 'utf8'), /changed/);

  const other = folder(t);
  symlinkSync('/nowhere', `${other}/lsipc`);
  const { code, stderr } = await ipctools(t, ['drop-ins', '--install', other]);
  assert.equal(code, 3);
  assert.equal(
    stderr,
    `ipctools: ${other}/lsipc is another program's, so nothing was installed; choose a folder that is earlier in PATH\n`,
  );
  assert.deepEqual(readdirSync(other), ['lsipc']);
});

test('--remove removes what --install wrote, and leaves other programs', async (t) => {
  const path = await installed(t);
  rmSync(`${path}/ipcs`);
  mkdirSync(`${path}/ipcs`);
  const { code, stdout, stderr } = await ipctools(t, ['drop-ins', '--remove', path]);
  assert.deepEqual(
    [code, stdout, stderr],
    [
      0,
      `removed ipcrm, ipcmk, lsipc from ${path}\n`,
      `ipctools: ${path}/ipcs is another program's, and stays\n`,
    ],
  );
  assert.deepEqual(readdirSync(path), ['ipcs']);
  assert.equal((await ipctools(t, ['drop-ins', '--remove', path])).code, 1);
});

test('a script starts ipctools wherever that is, an apostrophe in its path included', async (t) => {
  const path = folder(t);
  writeFileSync(`${path}/it's.js`, 'console.log(process.argv.slice(2).join());');
  writeScript('ipcs', `${path}/ipcs`, `${path}/it's.js`);
  assert.equal((await run(t, `${path}/ipcs`, ['-q', "a 'b'"])).stdout, "ipcs,-q,a 'b'\n");
});

test('drop-ins says which programs a shell finds', async (t) => {
  const path = await installed(t);
  rmSync(`${path}/ipcrm`);
  writeFileSync(`${path}/ipcmk`, '#!/bin/sh\n', { mode: 0o755 });
  const { stdout } = await run(t, process.execPath, [bin('ipctools'), 'drop-ins'], { env: { PATH: path } });
  assert.equal(
    stdout,
    `ipcs  ${path}/ipcs  ipctools\nipcrm  not found in PATH\nipcmk  ${path}/ipcmk  another program's\nlsipc  ${path}/lsipc  ipctools\n`,
  );
});

test('drop-ins refuses a folder that is not there, and both options', async (t) => {
  const path = folder(t);
  const { code, stderr } = await ipctools(t, ['drop-ins', '--install', `${path}/no`]);
  assert.deepEqual([code, stderr.split(';')[0]], [1, `ipctools: there is no folder ${path}/no`]);
  assert.equal((await ipctools(t, ['drop-ins', '--install', path, '--remove', path])).code, 2);
});
