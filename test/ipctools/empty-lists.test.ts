import assert from 'node:assert/strict';
import test from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { playScene, sceneOnTerminal, skipWithoutTerminals } from './support.js';

const skip = skipWithoutTerminals();

const lists = `ipctools list; ipctools list all; ipctools list posix; ipctools stale; ipctools stale segment
ipctools stale posix; ipctools backups; ipctools create --key 0x80 >/dev/null; ipctools peek 0x80
ipctools peek 0x80 --type 3; ipctools list --filter 'messages>0'; ipctools list --no-header --filter 'messages>0'`;

test('a list without a row says so in words on a terminal', { skip }, async (t) => {
  const state = temporaryFolder(t);
  const { stdout } = await sceneOnTerminal(t, lists, 80, { XDG_STATE_HOME: state }).exit();
  assert.deepEqual(stdout.replaceAll('\r', '').trimEnd().split('\n'), [
    'no queues',
    'queues',
    'no queues',
    '',
    'segments',
    'no segments',
    '',
    'semaphores',
    'no semaphore sets',
    'no POSIX objects',
    'no objects',
    'no segments',
    'no POSIX objects',
    `no backups in ${state}/timeq/backups`,
    'no messages',
    'no messages match',
    'no queues match',
  ]);
});

test('scripts get the labels, or nothing, or an empty list', { skip }, async (t) => {
  const { stdout } = await playScene(
    t,
    `ipctools list --columns key,id; ipctools list --no-header; ipctools list --raw --columns key,id; ipctools list --json
ipctools stale | wc -l; ipctools stale --json`,
  );
  assert.equal(stdout, 'KEY  ID\nKEY\tID\n{"queues":[]}\n1\n{"objects":[]}\n');
});
