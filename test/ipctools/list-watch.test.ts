import assert from 'node:assert/strict';
import test from 'node:test';
import { formatKey, MessageQueue } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { ipctools, sceneOnTerminal, skipWithoutTerminals, startIpctools } from './support.js';
import { ENTER_SCREEN, LEAVE_SCREEN } from './watch/on-terminal.js';

const skip = skipWithoutTerminals();

const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';
const END = '\u001b[F';

test('list --watch shows on the whole screen what there is now, until q', { skip }, async (t) => {
  const terminal = sceneOnTerminal(
    t,
    `before=$(stty -g); stty rows 10
(until ipctools list posix | grep -q go; do :; done; ipctools send 0x80 --create hello) >/dev/null 2>&1 &
ipctools list -w --interval 50ms --columns key,messages; echo "code $?"
[ "$(stty -g)" = "$before" ] && echo "as it was"
touch /dev/shm/go; until ipctools list --json | grep -q 0x00000080; do :; done
ipctools list queue --watch --interval 50ms --columns key,messages; echo "code $?"`,
    80,
  );
  await terminal.waitFor(ENTER_SCREEN);
  await terminal.waitFor('every 0.05s');
  await terminal.waitFor('no queues');
  await terminal.waitFor('q quit');
  terminal.write('q');
  await terminal.waitFor(LEAVE_SCREEN);
  await terminal.waitFor('code 0');
  await terminal.waitFor('as it was');
  await terminal.waitFor(/KEY +MESSAGES/);
  await terminal.waitFor(/0x00000080 +1/);
  terminal.write(CTRL_C);
  await terminal.waitFor('code 0');
});

test('its lines can be scrolled, and it is there again after Ctrl-Z and fg', { skip }, async (t) => {
  const terminal = sceneOnTerminal(
    t,
    `stty rows 8; set -m
for n in $(seq 128 150); do ipctools create --key $n >/dev/null; done
ipctools list -w --interval 50ms --columns key,owner,last-receiver; echo "stopped $?"; fg; echo "code $?"`,
    30,
  );
  await terminal.waitFor('0x00000080');
  terminal.write(END);
  await terminal.waitFor('0x00000096');
  // What does not fit is named on the screen, not written over it.
  await terminal.waitFor('no room at 30 columns:');
  await terminal.waitFor('LAST-RECEIVER');
  terminal.write(CTRL_Z);
  await terminal.waitFor(LEAVE_SCREEN);
  await terminal.waitFor(/stopped \d+/);
  await terminal.waitFor(ENTER_SCREEN);
  await terminal.waitFor('0x00000096');
  terminal.write('q');
  await terminal.waitFor('code 0');
});

test('without a terminal, and as JSON, it is one list after the other', async (t) => {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  const words = [
    'list',
    '--watch',
    '--interval',
    '50ms',
    '--filter',
    `key=${formatKey(key)}`,
    '--columns',
    'messages',
  ];
  const text = startIpctools(t, words);
  await text.waitFor('MESSAGES\n       0\n\nMESSAGES\n');
  queue.trySend(1, 'x');
  await text.waitFor('MESSAGES\n       1\n\nMESSAGES\n');
  assert.deepEqual((await text.killed('SIGINT')).code, 0);
  const json = startIpctools(t, [...words, '--json']);
  await json.waitFor('{"queues":[\n{"messages":1}\n]}\n{"queues":[\n');
  assert.deepEqual((await json.killed('SIGTERM')).code, 143);
  json.closeOutput();
});

test('--interval is for --watch, and no shorter than 50 ms', async (t) => {
  const alone = await ipctools(t, ['list', '--interval', '1s']);
  assert.equal(alone.code, 2);
  assert.match(alone.stderr, /^ipctools: --interval is the time between two lists of --watch; see [^\n]+\n$/);
  assert.equal((await ipctools(t, ['list', '-w', '--interval', '1ms'])).code, 2);
});
