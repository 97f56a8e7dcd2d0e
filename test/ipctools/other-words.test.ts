import assert from 'node:assert/strict';
import test from 'node:test';
import { ipctools, playScene, skipWithoutWorlds } from './support.js';

test('words of other programs are answered with the verb that does it', async (t) => {
  for (const [word, verb] of [
    ['delete', 'remove'],
    ['del', 'remove'],
    ['inspect', 'show'],
    ['prune', 'clean'],
    ['copy', 'dump'],
  ] as const) {
    const { code, stdout, stderr } = await ipctools(t, [word, '0x80']);
    assert.deepEqual(
      [code, stdout, stderr],
      [2, '', `ipctools: there is no verb '${word}' (did you mean ${verb}?); see \`ipctools --help\`\n`],
    );
  }
});

test('-o json is --json, before and after the verb, and no other format', async (t) => {
  const wanted = await ipctools(t, ['limits', '--json']);
  for (const words of [
    ['limits', '-o', 'json'],
    ['limits', '-ojson'],
    ['-o', 'json', 'limits'],
    ['limits', '--output=json'],
  ]) {
    const { code, stdout } = await ipctools(t, words);
    assert.deepEqual([code, Object.keys(JSON.parse(stdout) as object)], [0, ['limits']], words.join(' '));
    assert.deepEqual(Object.keys(JSON.parse(wanted.stdout) as object), ['limits']);
  }
  const { code, stderr } = await ipctools(t, ['list', '-o', 'yaml']);
  assert.equal(code, 2);
  assert.match(stderr, /argument 'yaml' is invalid. Allowed choices are json/);
});

const skip = skipWithoutWorlds();

test('kinds are named in the singular as well, and -y is --yes', { skip }, async (t) => {
  const { stdout } = await playScene(
    t,
    `ipctools create --key 0x80 >/dev/null
for kind in queue segment semaphore; do ipctools list $kind --json; done
ipctools show 0x80 --kind queue --json >/dev/null; echo "code $?"
ipctools stale queue --json | head -c 12; echo
ipctools rm 0x80 -y --no-backup >/dev/null 2>&1; echo "code $?"; ipctools list --json --columns key`,
  );
  const [queues, ...others] = stdout.split('\n');
  assert.equal(queues, '{"queues":[');
  assert.match(stdout, /\{"segments":\[\]\}\n\{"semaphores":\[\]\}\ncode 0\n\{"objects":\[\n/);
  assert.deepEqual(others.slice(-3), ['code 0', '{"queues":[]}', '']);
});

test('a key that is written as an id is recognised', { skip }, async (t) => {
  const { stdout } = await playScene(
    t,
    `ipctools create --key 0x80 >/dev/null; ipctools create --key 0x5 >/dev/null
for verb in 'show' 'peek' 'rm --yes'; do ipctools $verb 128 2>&1; done
ipctools show -m 128 2>&1; ipctools show 1 2>&1 >/dev/null
ipctools create --key 0x1 >/dev/null; ipctools show 1 2>&1 >/dev/null; ipctools show 2 2>&1 >/dev/null`,
  );
  const none = 'ipctools: no queue has id 128 in this IPC namespace (a container has its own)';
  const written = 'the queue with key 128 is written 0x80';
  assert.deepEqual(stdout.split('\n'), [
    `${none}; ${written}`,
    `${none}; ${written}`,
    `ipctools: there is no queue with id 128 in this IPC namespace; ${written}`,
    'removed 0, failed 1; 0 bytes freed',
    'ipctools: no segment has id 128 in this IPC namespace (a container has its own); `ipctools list segments` shows those that exist',
    'ipctools: this is the queue with id 1; the queue with key 1 is written 0x1',
    '',
  ]);
});
