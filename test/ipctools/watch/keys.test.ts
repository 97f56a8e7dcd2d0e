import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { temporaryFolder } from '../../helpers/folder.js';
import { sceneOnTerminal, skipWithoutTerminals } from '../support.js';
import { tools } from '../world.js';
import { assertRestored, ENTER_SCREEN, LEAVE_SCREEN, watchOnTerminal } from './on-terminal.js';

const skip = skipWithoutTerminals();

const ENTER = '\r';
const END = '\u001b[F';
const ESCAPE = '\u001b';
const CLEANS = '--older-than 0 --assume-unseen-idle';

test('a filter that is typed leaves the rows that satisfy it', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t);
  await terminal.waitFor('q quit');
  terminal.write('/messages>');
  await terminal.waitFor("'messages>' is not a condition");
  terminal.write('0');
  await terminal.waitFor('1 of 30 queues (messages>0)');
  terminal.write(ENTER);
  await terminal.waitFor('q quit');
  terminal.write('/\u0015nothing-like-it');
  await terminal.waitFor('no queue satisfies the filter');
  terminal.write(ESCAPE);
  await terminal.waitFor('30 queues, 3 messages');
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('Enter shows a queue with its messages and its history, Escape goes back', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t);
  await terminal.waitFor('q quit');
  terminal.write(ENTER);
  await terminal.waitFor(/queue 0 \(key 0x00000080\)/);
  await terminal.waitFor('3 messages at most in');
  await terminal.waitFor(/TYPE +MESSAGES +BYTES/);
  terminal.write(END);
  await terminal.waitFor(/ 1 +1 +c/);
  terminal.write(ESCAPE);
  await terminal.waitFor('space tag');
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('a queue that is removed while it is looked at is gone, and the rest goes on', { skip }, async (t) => {
  const { terminal, go } = watchOnTerminal(t, '', 'ipctools rm 0x80 --yes');
  await terminal.waitFor('q quit');
  terminal.write(ENTER);
  await terminal.waitFor('3 messages at most in');
  go();
  await terminal.waitFor('queue 0 (key 0x00000080) is gone; Esc goes back to the list');
  terminal.write(ESCAPE);
  await terminal.waitFor('space tag');
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test(
  'x shows the evidence, asks, makes a copy, removes what was tagged, and goes back',
  { skip },
  async (t) => {
    const { terminal } = watchOnTerminal(t, CLEANS);
    await terminal.waitFor('q quit');
    terminal.write('  x');
    await terminal.waitFor(LEAVE_SCREEN);
    await terminal.waitFor('Remove which? 2 of 2 chosen, 3 bytes');
    terminal.write(ENTER);
    await terminal.waitFor('Remove 2 objects (2 of them not proven stale)? [y/N] ');
    terminal.write('y\r');
    await terminal.waitFor('removed 2; 3 bytes freed');
    await terminal.waitFor(/the backup of 2 queues is in .+-clean-\d+\.jsonl/);
    await terminal.waitFor('Enter goes back to the queues.');
    terminal.write(ENTER);
    await terminal.waitFor(ENTER_SCREEN);
    await terminal.waitFor('28 queues, 0 messages');
    terminal.write('q');
    await assertRestored(terminal, 0);
  },
);

for (const [title, typed, said] of [
  ['a no', `${ENTER}n\r`, 'not confirmed; nothing done'],
  ['Escape at the list', ESCAPE, 'interrupted; nothing done'],
  ['Ctrl-C at the question', `${ENTER}\u0003`, 'interrupted; nothing done'],
] as const) {
  test(`${title} removes nothing, and goes back`, { skip }, async (t) => {
    const { terminal } = watchOnTerminal(t, CLEANS);
    await terminal.waitFor('q quit');
    terminal.write('x');
    await terminal.waitFor('Remove which? 1 of 1 chosen');
    const [first = '', ...rest] = typed;
    terminal.write(first);
    if (rest.length > 0) await terminal.waitFor('[y/N] ');
    terminal.write(rest.join(''));
    await terminal.waitFor(said);
    await terminal.waitFor('Enter goes back to the queues.');
    terminal.write(ENTER);
    await terminal.waitFor('30 queues, 3 messages');
    terminal.write('q');
    await assertRestored(terminal, 0);
  });
}

test('what is not stale stays, with the reason', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t);
  await terminal.waitFor('q quit');
  terminal.write('x');
  await terminal.waitFor(/queue 0 \(key 0x00000080\): unknown, so it stays/);
  await terminal.waitFor('nothing is stale; nothing done');
  await terminal.waitFor('Enter goes back');
  terminal.write(ENTER);
  await terminal.waitFor('30 queues');
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('with --read-only x cleans nothing and says so', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t, `${CLEANS} --read-only`);
  await terminal.waitFor('q quit');
  terminal.write('x');
  await terminal.waitFor('nothing is cleaned: this was started with --read-only');
  terminal.write('q');
  await assertRestored(terminal, 0);
  assert.ok(!terminal.stdout.includes('Remove which'));
});

test('? shows the keys', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t);
  await terminal.waitFor('q quit');
  terminal.write('?');
  await terminal.waitFor('filter while you type');
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('--sort, --filter and --columns choose what is shown at first', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t, "--sort -key --filter 'key<0x82' --columns key,messages,unit");
  await terminal.waitFor('2 of 30 queues');
  await terminal.waitFor(/KEY↓ +MESSAGES +UNIT/);
  await terminal.waitFor(/> 0x00000081 +0/);
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('--columns are remembered; those that are no columns any more are not', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const terminal = sceneOnTerminal(
    t,
    `${tools}ipctools create --key 0x80 >/dev/null
ipctools watch --count 1 --columns key,mode,history; ipctools watch --count 1
cat "$XDG_STATE_HOME/timeq/watch-columns"
echo 'key,colour' >"$XDG_STATE_HOME/timeq/watch-columns"; ipctools watch --count 1
ipctools watch --count 1 --columns usual
XDG_STATE_HOME="$XDG_STATE_HOME/timeq/watch-columns" ipctools watch --count 1 --columns key
XDG_STATE_HOME=/proc ipctools watch --count 1 --columns key; echo end`,
    120,
    { XDG_STATE_HOME: folder },
  );
  const { stdout } = await terminal.exit();
  const screens = stdout.split(ENTER_SCREEN).slice(1);
  // oxlint-disable-next-line no-control-regex
  for (const screen of screens.slice(0, 2)) assert.match(screen, /\u001b\[K {2}KEY +MODE +HISTORY/);
  assert.match(screens[1] ?? '', /key,mode,history/);
  assert.match(screens[2] ?? '', /the usual columns are shown: unknown column 'colour'/);
  for (const screen of screens.slice(2, 4)) assert.match(screen, / MESSAGES /);
  for (const screen of screens.slice(4, 6)) assert.match(screen, /the columns are for this time only: /);
  assert.match(stdout, /end\r?\n?$/);
  assert.equal(readFileSync(`${folder}/timeq/watch-columns`, 'utf8'), 'usual\n');
});
