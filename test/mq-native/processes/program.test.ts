import assert from 'node:assert/strict';
import test from 'node:test';
import { Processes } from '@timeq/mq-native';
import { startNode } from '../../helpers/node.js';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../helpers/folder.js';
import { processesIn } from './source.js';

const WORDS: readonly (readonly [words: readonly string[], program: string])[] = [
  [['/usr/bin/node', '/srv/importer/index.js', '5'], 'importer/index.js 5'],
  [
    ['node', '--import', './hooks.js', '--enable-source-maps', 'bin/time-client.js', 'now'],
    'time-client.js now',
  ],
  [['node', '--input-type=module', '--eval', 'code'], 'node --input-type=module --eval code'],
  [['node', 'main.js'], 'main.js'],
  [['/usr/bin/python3.12', '-u', '-X', 'dev', '/opt/jobs/fill.py', '--key', '128'], 'fill.py --key 128'],
  [['python3', '-m', 'http.server'], 'python3 -m http.server'],
  [['/usr/bin/perl', '-w', '-I', 'lib', '/usr/local/bin/feed'], 'feed'],
  [['php', '-d', 'memory_limit=1G', 'worker.php'], 'worker.php'],
  [['/bin/sh', '-c', 'echo hello'], "sh -c 'echo hello'"],
  [['bash', '/etc/cron.daily/clean up'], "'clean up'"],
  [['/usr/lib/postgresql/16/bin/postgres', '-D', '/var/lib/postgresql'], 'postgres -D /var/lib/postgresql'],
  [['node'], 'node'],
  [['nginx: worker process'], "'nginx: worker process'"],
];

for (const [words, program] of WORDS) {
  test(`the program of \`${words.join(' ')}\` is ${program}`, () => {
    const cmdline = `${words.join('\0')}\0`;
    const processes = processesIn(() => cmdline);
    assert.equal(processes.program(5), program);
  });
}

test('a running script is named without its interpreter and folder', async (t) => {
  const folder = temporaryFolder(t);
  const script = join(folder, 'fill.mjs');
  writeFileSync(script, "console.log('here'); setInterval(() => undefined, 1000);");
  const running = startNode(t, [script, '--fast']);
  await running.waitFor('here');
  assert.equal(new Processes().program(running.pid), 'fill.mjs --fast');
});

const NAMES: readonly (readonly [comm: string, command: string, name: string])[] = [
  ['MainThread', '/opt/node-24/bin/node', 'node'],
  ['node-MainThread', 'nodejs', 'nodejs'],
  ['MainThread', '', 'MainThread'],
  ['worker (1)', '/usr/bin/node', 'worker (1)'],
];

for (const [comm, command, name] of NAMES) {
  test(`a process that ${command || 'no command'} started and the kernel calls ${comm} is ${name}`, () => {
    const processes = processesIn((path) =>
      path.endsWith('/cmdline') ? `${command}\0` : `5 (${comm}) S ${'0 '.repeat(30)}\nTgid:\t5\n`,
    );
    assert.equal(processes.live(5)?.name, name);
  });
}

test('this process is named as its command, whatever its main thread is called', () => {
  assert.match(new Processes().live(process.pid)?.name ?? '', /^node/);
});
