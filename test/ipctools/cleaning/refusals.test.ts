import assert from 'node:assert/strict';
import test from 'node:test';
import { skipWithoutWorlds } from '../support.js';
import { mixed, play } from './scene.js';

const skip = skipWithoutWorlds();

test('without a terminal and without --yes it refuses, exit code 3', { skip }, async (t) => {
  const { stdout, stderr, backups } = await play(
    t,
    `${mixed} ipctools clean --older-than 0; echo "code $?"; left`,
  );
  assert.match(stdout, /code 3\nleft: 0 1 0 0 \n$/);
  assert.match(stderr, /^ipctools: cannot ask without a terminal; nothing done [^\n]*\n$/);
  assert.deepEqual(backups, []);
});

test('--dry-run shows what would go, and does nothing', { skip }, async (t) => {
  const { stdout, backups } = await play(
    t,
    `${mixed} ipctools clean --older-than 0 --dry-run; echo "code $?"; left`,
  );
  assert.match(stdout, /would remove 3 \(4102 bytes\); nothing done\ncode 0\nleft: 0 1 0 0 \n$/);
  assert.deepEqual(backups, []);
});

test('an object used within the hour is not stale, unless --older-than says so', { skip }, async (t) => {
  const { stdout } = await play(t, `${mixed} ipctools clean --yes; echo "code $?"; left`);
  assert.match(stdout, /^nothing is stale; nothing done\ncode 0\nleft: 0 1 0 0 \n$/);
});

test('wrong usage is told before anything is done', { skip }, async (t) => {
  const wrong = [
    '--kind quues',
    '--owner no-such-name',
    '--key 0x8z*',
    '--older-than 5',
    'queues',
    '--bogus',
  ];
  const commands = wrong.map((words) => `ipctools clean --older-than 0 --yes ${words}; echo "code $?"`);
  const { stdout } = await play(t, `${mixed} ${commands.join('\n')}\nleft`);
  assert.equal(stdout, `${'code 2\n'.repeat(wrong.length)}left: 0 1 0 0 \n`);
});

test('an object that could not be saved stays, and makes the exit code 1', { skip }, async (t) => {
  const { stdout, stderr } = await play(
    t,
    `${mixed} ipctools clean --older-than 0 --yes --backup /dev/null/copy; echo "code $?"; left`,
  );
  assert.match(stdout, /removed 2, failed 1 \(1 not saved\); 4096 bytes freed\ncode 1\nleft: 0 1 \n$/);
  assert.match(stderr, /queue 0 \(key 0x00000080\) stays: its messages could not be saved: ENOTDIR/);
});
