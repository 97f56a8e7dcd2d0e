import assert from 'node:assert/strict';
import test from 'node:test';
import { ftok } from '@timeq/mq-native';
import { temporaryFolder } from '../helpers/folder.js';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { bin, runNode, startNode } from '../helpers/node.js';
import { removeAllAt } from '../helpers/tracking.js';
import { openQueue, ownServer } from './server.js';

test('the first line says what the server listens on and how to stop it', async (t) => {
  const { key, server } = await ownServer(t);
  const name = `key 0x${key.toString(16).padStart(8, '0')} (${key}), queue ${queueAt(key)?.['msqid']}`;
  const ways = `Ctrl-C, "kill ${server.pid}" or "time-client --key ${key} stop"`;
  assert.equal(server.stdout, `time-server: listening on ${name}; stop it with ${ways}\n`);
});

test('a wrong command line is one sentence and exit code 2, and nothing is done', async (t) => {
  const wrong = [
    ['--key', 'abc'],
    ['--key', '0x'],
    ['--key', '1.5'],
    ['--key', ''],
    ['--key', '0'],
    ['--key', '0200'],
    ['--key', '4294967296'],
    ['--key', '0x100001234'],
    ['--key'],
    ['--mode', '0888'],
    ['--mode', '1777'],
    ['--mode', '7'],
    ['--mode', '384x'],
    ['--mode', ''],
    ['--group', 'there-is-no-such-group'],
    ['--group', '$(id)'],
    ['--reply', 'pid+4'],
    ['--on-stop', 'crash'],
    ['--log-format', 'xml'],
    ['--project-id', '1'],
    ['--path', '/'],
    ['--path', '/', '--project-id', '0'],
    ['--path', '/', '--project-id', '256'],
    ['--path', '/there/is/nothing', '--project-id', '1'],
    ['--path', '/', '--project-id', '1', '--key', '5'],
    ['--no-such-option'],
    ['--quiet', '--verbose'],
    ['now'],
  ];
  await Promise.all(
    wrong.map(async (line) => {
      const { code, stdout, stderr } = await runNode(t, [bin('time-server'), ...line]);
      assert.equal(code, 2, `${line.join(' ')}: ${stderr}`);
      assert.equal(stdout, '');
      assert.match(stderr, /^time-server: [^\n]+\n$/, line.join(' '));
      assert.doesNotMatch(stderr, /undefined|\bat .*:\d+/);
    }),
  );
});

test('a word that is no option is told what was meant', async (t) => {
  const meant = [
    ['128', /not '128'; to serve another key: `time-server --key 128`\n/],
    ['0x80', /to serve another key: `time-server --key 0x80`\n/],
    ['stop', /what clients do is: `time-client stop`\n/],
    ['start', /it starts without a word[;\n]/],
    ['frobnicate', /takes options only, not 'frobnicate'[;\n]/],
  ] as const;
  for (const [word, sentence] of meant) {
    const { code, stderr } = await runNode(t, [bin('time-server'), word]);
    assert.equal(code, 2);
    assert.match(stderr, sentence);
  }
});

test('a key can be written in decimal, in hexadecimal, and as the negative of the same bits', async (t) => {
  const key = freshKey(t) + 2 ** 31;
  t.after(() => removeAllAt(key));
  for (const text of [
    `${key}`,
    `0x${key.toString(16)}`,
    `0X${key.toString(16).toUpperCase()}`,
    `${key - 2 ** 32}`,
  ]) {
    const server = startNode(t, [bin('time-server'), `--key=${text}`]);
    await server.waitFor('listening');
    await openQueue(t, key).send(2, '');
    assert.equal((await server.exit()).code, 0);
  }
});

test('a key can be made of a file and a number', async (t) => {
  const folder = temporaryFolder(t);
  const key = ftok(folder, 7);
  if (queueAt(key) !== undefined) return t.skip('another queue has that key already');
  t.after(() => removeAllAt(key));
  const server = startNode(t, [bin('time-server'), '--path', folder, '--project-id', '7']);
  await server.waitFor('listening');
  await openQueue(t, key).send(2, '');
  assert.equal((await server.exit()).code, 0);
});

test('--help tells of every option, every exit code and examples', async (t) => {
  const help = await runNode(t, [bin('time-server'), '--help']);
  assert.deepEqual([help.code, help.stderr], [0, '']);
  const options = [
    '--key',
    '--path',
    '--project-id',
    '--mode',
    '--group',
    '--reply',
    '--on-stop',
    '--takeover',
  ];
  for (const option of [...options, '--log-format', '--quiet', '--version', '--help']) {
    assert.match(help.stdout, new RegExp(`^  (-\\w, )?${option}\\b`, 'm'));
  }
  for (const exitCode of [0, 1, 2, 3, 4, 5, 130])
    assert.match(help.stdout, new RegExp(`^  ${exitCode} +\\S`, 'm'));
  assert.match(help.stdout, /^Examples:\n {2}time-server\n/m);
  for (const line of help.stdout.split('\n')) assert.ok(line.length <= 80, `wider than a terminal: ${line}`);
  assert.deepEqual(await runNode(t, [bin('time-server'), 'help']), help);
});
