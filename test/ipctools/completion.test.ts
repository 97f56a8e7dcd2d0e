import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { bin } from '../helpers/node.js';
import { run, start } from '../helpers/process.js';
import { newQueue } from './queue.js';
import { ipctools } from './support.js';

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
  const { queue, name } = newQueue(t, 'x');
  const { stdout } = await ipctools(t, ['__complete', 'show', name]);
  assert.equal(stdout, `${name}\tid ${queue.id}, 1 message\n`);
  assert.ok((await completed(t, 'rm', '-q', String(queue.id))).includes(String(queue.id)));
  assert.ok((await completed(t, 'receive', '-Q', '')).includes(name));
  assert.ok(!(await completed(t, 'receive', '-Q', '')).includes(String(queue.id)));
  assert.ok((await completed(t, 'rm', name, '')).includes(name), 'remove takes many');
  assert.deepEqual(await completed(t, 'show', name, ''), [''], 'show takes one');
});

/** A folder for PATH in which ipctools is. */
function folderWithTool(t: TestContext): string {
  const folder = temporaryFolder(t);
  symlinkSync(bin('ipctools'), `${folder}/ipctools`);
  return folder;
}

test('the script of bash completes', { skip: skipWithoutCommands('bash') }, async (t) => {
  const script = `
eval "$(ipctools completion bash)"
words() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ipctools ipctools; echo "\${COMPREPLY[*]}"; }
words ipctools li
words ipctools receive 0x80 --f
words ipctools list --columns = +lim
words ipctools list --columns key,last-
complete -p ipctools`;
  const env = { PATH: `${folderWithTool(t)}:${process.env['PATH']}` };
  const { stdout, stderr } = await run(t, 'bash', ['--norc', '-c', script], { env });
  assert.equal(stderr, '');
  assert.equal(
    stdout,
    'list limits\n--follow --failed --format\n+limit\nkey,last-sender key,last-receiver\ncomplete -F _ipctools ipctools\n',
  );
});

test('bash completes on a terminal', { skip: skipWithoutCommands('bash', 'script') }, async (t) => {
  const env = { PATH: `${folderWithTool(t)}:${process.env['PATH']}`, PS1: '> ', TERM: 'dumb' };
  const shell = start(t, 'script', ['-qefc', 'bash --norc --noprofile', '/dev/null'], { env });
  shell.write('eval "$(ipctools completion bash)"; echo ready-$((1+1))\n');
  await shell.waitFor('ready-2');
  shell.write('ipctools completion fi\t >/dev/null && echo done-$?\n');
  await shell.waitFor('ipctools completion fish');
  await shell.waitFor('done-0');
});
