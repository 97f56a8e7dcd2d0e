import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { bin, runNode } from '../helpers/node.js';

async function completed(t: TestContext, command: 'time-client' | 'time-server', ...words: string[]) {
  const { code, stdout, stderr } = await runNode(t, [bin(command), '__complete', ...words]);
  assert.deepEqual([code, stderr], [0, '']);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '');
}

test('verbs, options and the words of options are completed in time-client and time-server', async (t) => {
  assert.deepEqual(await completed(t, 'time-client', 'st'), ['status', 'stop']);
  assert.deepEqual(await completed(t, 'time-client', 'help', 'me'), ['measure']);
  assert.deepEqual(await completed(t, 'time-client', 'measure', '--co'), [
    '--count',
    '--concurrency',
    '--context',
  ]);
  assert.deepEqual(await completed(t, 'time-client', 'now', '--format', 'un'), ['unix', 'unix-ns']);
  assert.deepEqual(await completed(t, 'time-client', 'now', '--zone', 'Europe/Berl'), ['Europe/Berlin']);
  assert.deepEqual(await completed(t, 'time-client', 'now', 'x'), ['']);
  assert.deepEqual(await completed(t, 'time-server', '--reply', 'pid'), ['pid', 'pid+3']);
  assert.deepEqual(await completed(t, 'time-server', '--on'), ['--on-stop']);
  assert.deepEqual(await completed(t, 'time-server', '--path', ''), [':file']);
});

test('a verb is completed behind the options that may stand before it', async (t) => {
  assert.deepEqual(await completed(t, 'time-client', '--key', '0x80', 'st'), ['status', 'stop']);
  assert.deepEqual(await completed(t, 'time-client', '--key=5', '-k5', '--json', 'wat'), ['watch']);
  assert.deepEqual(await completed(t, 'time-client', '--key', '5', 'watch', '--inter'), ['--interval']);
});

test('the script of a program whose name has a hyphen completes in bash', async (t) => {
  const { stdout } = await runNode(t, [bin('time-client'), 'completion', 'bash']);
  assert.match(stdout, /^_time_client\(\) \{$/m);
  assert.match(stdout, /^complete -F _time_client time-client$/m);
  const words = ['completion', 'zsh', '--json'];
  const json = JSON.parse((await runNode(t, [bin('time-server'), ...words])).stdout) as {
    completion: { shell: string; script: string };
  };
  assert.equal(json.completion.shell, 'zsh');
  assert.match(json.completion.script, /^#compdef time-server$/m);
});
