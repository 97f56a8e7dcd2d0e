import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { SAME_MILLISECONDS } from '@timeq/cli-kit/signals/interruption';
import { until } from '../helpers/deadline.js';
import { temporaryFolder } from '../helpers/folder.js';
import { quoted } from '../helpers/shell.js';
import { contents, newQueue } from './queue.js';
import { ipctools, startIpctools, untilBlocked } from './support.js';

test('the body is on standard input, exactly; type, queue and length are in the environment', async (t) => {
  const body = Buffer.from([0, 10, 255, 32]);
  const { queue, name } = newQueue(t, [1, body], [2, '']);
  const folder = temporaryFolder(t);
  const command = `cat >${quoted(folder)}/$TIMEQ_TYPE; echo "$TIMEQ_TYPE $TIMEQ_QUEUE $TIMEQ_LENGTH"`;
  const { code, stdout, stderr } = await ipctools(t, ['receive', name, '--all', '--exec', command]);
  assert.deepEqual([code, stdout, stderr], [0, `1 ${name} 4\n2 ${name} 0\n`, '']);
  assert.deepEqual([readFileSync(`${folder}/1`), readFileSync(`${folder}/2`).length], [body, 0]);
  assert.equal(queue.stat().messages, 0);
});

test('a command that need not read its input is no failure', async (t) => {
  const { name } = newQueue(t, Buffer.alloc(8000));
  assert.deepEqual(await ipctools(t, ['receive', name, '--exec', 'true']), {
    code: 0,
    signal: null,
    stdout: '',
    stderr: '',
  });
});

test('a message whose command fails goes back to the end, and is counted', async (t) => {
  const { queue, name } = newQueue(t, [1, 'good'], [2, 'bad'], [3, 'good']);
  const { code, stderr } = await ipctools(t, [
    'receive',
    name,
    '--all',
    '--exec',
    '[ "$(cat)" = good ] || exit 3',
  ]);
  assert.equal(code, 1);
  const named = `queue ${queue.id} (key ${name})`;
  assert.deepEqual(stderr.split('\n'), [
    `ipctools: the command failed with exit code 3; the message was returned to the end of ${named}`,
    'ipctools: 1 of 3 commands failed',
    '',
  ]);
  assert.deepEqual(contents(queue), ['2 bad']);
});

test('--failed gets the messages of commands that fail, also of those that a signal ends', async (t) => {
  const { queue, name } = newQueue(t, [1, 'one'], [2, 'two']);
  const { queue: failed, name: failedName } = newQueue(t);
  const words = ['receive', name, '--all', '--exec', 'kill -TERM $$', '--failed', failedName];
  const { code, stderr } = await ipctools(t, words);
  assert.equal(code, 1);
  assert.match(stderr, /the command was ended by SIGTERM; the message was returned to the end of queue/);
  assert.deepEqual([contents(queue), contents(failed)], [[], ['1 one', '2 two']]);
});

test('--failed without room: the message goes back to where it came from', async (t) => {
  const { queue, name } = newQueue(t, 'one');
  const { queue: failed, name: failedName } = newQueue(t);
  failed.set({ maxBytes: 1 });
  await ipctools(t, ['receive', name, '--exec', 'false', '--failed', failedName]);
  assert.deepEqual([contents(queue), contents(failed)], [['1 one'], []]);
});

test('--jobs runs so many at a time, and takes the next message only then', async (t) => {
  const { queue, name } = newQueue(t, [1, 'a'], [2, 'b'], [3, 'c'], [4, 'd']);
  const folder = temporaryFolder(t);
  const command = `: >${quoted(folder)}/started-$TIMEQ_TYPE; until [ -e ${quoted(folder)}/go ]; do sleep 0.02; done`;
  const working = startIpctools(t, ['receive', name, '--all', '--jobs', '3', '--exec', command]);
  await until(() => readdirSync(folder).length === 3, 'three jobs');
  assert.equal(queue.stat().messages, 1);
  writeFileSync(`${folder}/go`, '');
  assert.equal((await working.exit()).code, 0);
  assert.deepEqual([queue.stat().messages, readdirSync(folder).length], [0, 5]);
});

test('Ctrl-C takes no more, and waits for the commands that run', async (t) => {
  const { queue, name } = newQueue(t, [1, 'a'], [2, 'b']);
  const folder = temporaryFolder(t);
  const command = `echo started; until [ -e ${quoted(folder)}/go ]; do sleep 0.02; done; echo finished`;
  const working = startIpctools(t, ['receive', name, '--follow', '--exec', command]);
  await working.waitFor('started');
  working.kill('SIGINT');
  await working.waitFor('waiting for 1 command; Ctrl-C again ends it', 'stderr');
  writeFileSync(`${folder}/go`, '');
  const { code, stdout } = await working.exit();
  assert.deepEqual([code, stdout], [0, 'started\nfinished\n']);
  assert.deepEqual(contents(queue), ['2 b']);
});

test('a second Ctrl-C ends the commands, and their messages go back', async (t) => {
  const { queue, name } = newQueue(t, [1, 'a'], [2, 'b']);
  const working = startIpctools(t, ['receive', name, '--follow', '--exec', 'echo started; exec sleep 1000']);
  await working.waitFor('started');
  working.kill('SIGINT');
  await working.waitFor('waiting for 1 command', 'stderr');
  // Before that it would count as the same key press.
  await delay(2 * SAME_MILLISECONDS);
  const { code } = await working.killed('SIGINT');
  assert.equal(code, 1);
  assert.deepEqual(contents(queue), ['2 b', '1 a']);
});

test('a queue that is removed meanwhile: commands end, and a message that can go nowhere is printed', async (t) => {
  const { queue, name } = newQueue(t, 'precious');
  const folder = temporaryFolder(t);
  const command = `echo started; until [ -e ${quoted(folder)}/go ]; do sleep 0.02; done; exit 1`;
  const working = startIpctools(t, ['receive', name, '--follow', '--jobs', '2', '--exec', command]);
  await working.waitFor('started');
  await untilBlocked(t, queue.id, 'R');
  queue.remove();
  writeFileSync(`${folder}/go`, '');
  const { code, stderr } = await working.exit();
  assert.equal(code, 1);
  assert.match(
    stderr,
    /could not be returned to queue [^\n]*, so here it is:\nipctools|\{"type":1,"body":"precious"\}\n/,
  );
  assert.match(stderr, /EIDRM: the queue was removed/);
});

test('a worker that is killed leaves its command running, and everything else in the queue', async (t) => {
  const { queue, name } = newQueue(t, [1, 'a'], [2, 'b']);
  const folder = temporaryFolder(t);
  const command = `echo $$; until [ -e ${quoted(folder)}/go ]; do sleep 0.02; done; cat >${quoted(folder)}/done`;
  const working = startIpctools(t, ['receive', name, '--follow', '--exec', command]);
  await working.nextLine();
  working.kill('SIGKILL');
  writeFileSync(`${folder}/go`, '');
  await until(
    () => readdirSync(folder).includes('done') && readFileSync(`${folder}/done`, 'utf8') === 'a',
    'the command',
  );
  assert.deepEqual(contents(queue), ['2 b']);
});

test('a folder for temporary files that is not there makes no command fail silently', async (t) => {
  const { queue, name } = newQueue(t, 'a');
  const env = { TMPDIR: `${temporaryFolder(t)}/gone` };
  const { code, stderr } = await ipctools(t, ['receive', name, '--exec', 'true'], { env });
  assert.equal(code, 1);
  assert.match(
    stderr,
    /the command could not be started: ENOENT.*; the message was returned to the end of queue/,
  );
  assert.deepEqual(contents(queue), ['1 a']);
});

test('wrong usage takes nothing', async (t) => {
  const { queue, name } = newQueue(t, 'x');
  for (const words of [
    ['--jobs', '2'],
    ['--failed', name],
    ['--exec', 'true', '--json'],
    ['--exec', 'true', '--format', 'hex'],
    ['--exec', 'true', '--jobs', '0'],
    ['--exec', 'true', '--failed', 'nonsense'],
  ]) {
    const { code, stderr } = await ipctools(t, ['receive', name, ...words]);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^ipctools: [^\n]+\n$/);
  }
  assert.equal(queue.stat().messages, 1);
});
