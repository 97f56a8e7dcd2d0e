import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import test, { type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { freshKey } from '../helpers/keys.js';
import { bin } from '../helpers/node.js';
import { run, start } from '../helpers/process.js';
import { ipctools, keyWord } from './support.js';

async function completed(t: TestContext, ...words: string[]): Promise<string[]> {
  const { code, stdout } = await ipctools(t, ['__complete', ...words]);
  assert.equal(code, 0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '');
}

test('verbs, options and words of options are completed', async (t) => {
  assert.deepEqual(await completed(t, 'rec'), ['receive']);
  assert.deepEqual(await completed(t, 'ipc'), ['ipcs', 'ipcrm', 'ipcmk']);
  assert.deepEqual(await completed(t, 'receive', '0x80', '--f'), ['--follow', '--failed', '--format']);
  assert.deepEqual(await completed(t, 'receive', '0x80', '--format', ''), [
    'text',
    'hex',
    'base64',
    'json',
    'php',
    'struct:',
  ]);
  assert.deepEqual(await completed(t, 'list', 'se'), ['segments', 'semaphores']);
  assert.deepEqual(await completed(t, 'completion', ''), ['bash', 'zsh', 'fish']);
  assert.deepEqual(await completed(t, 'send', '0x80', '--file', ''), [':file']);
  assert.deepEqual(await completed(t, 'set', '0x80', '--owner', 'daem'), ['daemon']);
  assert.deepEqual(await completed(t, 'nonsense', ''), ['']);
});

test('columns are completed in lists, those of the kind that is listed', async (t) => {
  assert.deepEqual(await completed(t, 'list', '--columns', 'last'), ['last-sender', 'last-receiver']);
  assert.deepEqual(await completed(t, 'list', '--columns', 'id,last-s'), ['id,last-sender']);
  assert.deepEqual(await completed(t, 'list', '--columns', '+lim'), ['+limit']);
  assert.deepEqual(await completed(t, 'list', '--sort', 'owner,-mess'), ['owner,-messages']);
  assert.deepEqual(await completed(t, 'list', 'segments', '--columns', 'att'), ['attached', 'attach-time']);
  assert.deepEqual(await completed(t, 'list', '--filter', 'mess'), ['messages']);
  assert.deepEqual(await completed(t, 'watch', '--columns', 'key,hist'), ['key,history']);
  assert.deepEqual(await completed(t, 'watch', '--sort', '-bus'), ['-busy']);
  assert.deepEqual(await completed(t, 'watch', '0x80', '--filter', 'in'), ['in']);
  assert.deepEqual(await completed(t, 'list', '--columns', 'hist'), ['']);
});

test('live keys and ids are completed', async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  queue.trySend(1, 'x');
  const { stdout } = await ipctools(t, ['__complete', 'show', keyWord(key)]);
  assert.equal(stdout, `${keyWord(key)}\tid ${queue.id}, 1 message\n`);
  assert.ok((await completed(t, 'rm', '-q', String(queue.id))).includes(String(queue.id)));
  assert.ok((await completed(t, 'receive', '-Q', '')).includes(keyWord(key)));
  assert.ok(!(await completed(t, 'receive', '-Q', '')).includes(String(queue.id)));
  assert.ok((await completed(t, 'rm', keyWord(key), '')).includes(keyWord(key)), 'remove takes many');
  assert.deepEqual(await completed(t, 'show', keyWord(key), ''), [''], 'show takes one');
});

/** A folder for PATH in which ipctools is. */
function folderWithTool(t: TestContext): string {
  const folder = mkdtempSync(`${tmpdir()}/ipctools-`);
  atEnd(t, () => rmSync(folder, { recursive: true }));
  symlinkSync(bin('ipctools'), `${folder}/ipctools`);
  return folder;
}

function skipWithout(program: string): string | false {
  if (spawnSync(program, ['--version']).status === 0) return false;
  const missing = `${program} is not installed`;
  if (process.env['CI']) throw new Error(missing);
  return missing;
}

test('the script of bash completes', { skip: skipWithout('bash') }, async (t) => {
  const script = `
eval "$(ipctools completion bash)"
words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ipctools ipctools; echo "\${COMPREPLY[*]}"; }
words ipctools li
words ipctools receive 0x80 --f
words ipctools list --columns = +lim
words ipctools list --columns key,last-
complete -p ipctools`;
  const env = { PATH: `${folderWithTool(t)}:${process.env['PATH']}` };
  const { stdout, stderr } = await run(t, 'bash', ['-c', script], { env });
  assert.equal(stderr, '');
  assert.equal(
    stdout,
    'list limits\n--follow --failed --format\n+limit\nkey,last-sender key,last-receiver\ncomplete -F _ipctools ipctools\n',
  );
});

test('bash completes on a terminal', { skip: skipWithout('bash') || skipWithout('script') }, async (t) => {
  const env = { PATH: `${folderWithTool(t)}:${process.env['PATH']}`, PS1: '> ', TERM: 'dumb' };
  const shell = start(t, 'script', ['-qefc', 'bash --norc --noprofile', '/dev/null'], { env });
  shell.write('eval "$(ipctools completion bash)"; echo ready-$((1+1))\n');
  await shell.waitFor('ready-2');
  shell.write('ipctools completion fi\t >/dev/null && echo done-$?\n');
  await shell.waitFor('ipctools completion fish');
  await shell.waitFor('done-0');
});
