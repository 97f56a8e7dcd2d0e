import assert from 'node:assert/strict';
import test from 'node:test';
import { displayWidth } from '@timeq/cli-kit/text/width';
import { skipWithoutTerminals } from '../support.js';
import { assertRestored, watchOnTerminal } from './on-terminal.js';

const skip = skipWithoutTerminals();

/** What begins a row of the screen. */
function row(number: number): string {
  return `\u001b[${number};1H\u001b[K`;
}

test('the screen shows title, heads, queues and keys, no wider than the terminal', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t);
  await terminal.waitFor('q quit');
  terminal.write('q');
  await assertRestored(terminal, 0);
  // oxlint-disable-next-line no-control-regex
  const frame = terminal.stdout.split(/\u001b\[\d+;1H\u001b\[K/).slice(1, 21);
  const [title = '', heads = '', first = '', ...rest] = frame;
  assert.match(title, /^\d\d:\d\d:\d\d {2}30 queues, 3 messages, 3 bytes, every 50ms$/);
  assert.match(heads, /^ {2}KEY +ID +.*MESSAGES +BYTES +FULL +IN\/S +OUT\/S +WAIT/);
  // The busiest: the only one with messages.
  assert.match(first, /^> 0x00000080 +0 .* 3 +3 +▏ +0% /);
  assert.equal(frame.length, 20);
  assert.match(rest.at(-1) ?? '', /^q quit/);
  for (const line of frame.slice(0, -1)) assert.ok(displayWidth(line) <= 100, line);
});

test('40 columns, the C locale and no colour: ASCII, and no line is wider', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t, '', 'true', { LC_ALL: 'C' }, 40);
  await terminal.waitFor('q quit');
  terminal.write('mq');
  await assertRestored(terminal, 0);
  const [, shown = ''] = terminal.stdout.split('\u001b[?1049h');
  // oxlint-disable-next-line no-control-regex
  for (const line of shown
    .split('\u001b[?25h')[0]
    // oxlint-disable-next-line no-control-regex
    ?.split(/\u001b\[\d+;1H\u001b\[K/)
    .slice(1) ?? []) {
    assert.match(line, /^[ -~]{0,40}$/);
  }
});

test('--count leaves by itself', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t, '--count 3');
  await assertRestored(terminal, 0);
});

test('a key sorts by its column, and once more the other way round', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t);
  await terminal.waitFor('q quit');
  terminal.write('k');
  await terminal.waitFor('KEY↑');
  terminal.write('k');
  await terminal.waitFor('KEY↓');
  await terminal.waitFor(`${row(3)}> 0x0000009d `);
  terminal.write('m');
  await terminal.waitFor('MESSAGES↓');
  await terminal.waitFor(`${row(3)}> 0x00000080 `);
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('Page Down and Page Up go through all queues', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t);
  await terminal.waitFor('q quit');
  terminal.write('\u001b[6~\u001b[6~');
  await terminal.waitFor('0x0000009d');
  terminal.write('\u001b[5~\u001b[5~');
  await terminal.waitFor(`${row(3)}> 0x00000080 `);
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('it follows the size of the terminal', { skip }, async (t) => {
  const { terminal, go } = watchOnTerminal(t, '', 'stty columns 60 rows 10');
  await terminal.waitFor('q quit');
  go();
  await terminal.waitFor('\u001b[2J');
  await terminal.waitFor(`${row(10)}q quit`);
  terminal.write('q');
  const { stdout } = terminal;
  // oxlint-disable-next-line no-control-regex
  const frame = stdout.slice(stdout.lastIndexOf('\u001b[2J')).split(/\u001b\[\d+;1H\u001b\[K/);
  for (const line of frame.slice(1, 10)) assert.ok(displayWidth(line) <= 60, line);
  await terminal.exit();
});

test('a change of a queue shows without a key press', { skip }, async (t) => {
  const { terminal, go } = watchOnTerminal(t, '', 'ipctools send 0x81 later');
  await terminal.waitFor('q quit');
  go();
  await terminal.waitFor('30 queues, 4 messages');
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('a dumb terminal gets a line of JSON for each look, and no cursor is moved', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t, '--count 2', 'true', { TERM: 'dumb' });
  const { stdout } = await terminal.exit();
  assert.equal(stdout.match(/^\{"time":.*\}\r?$/gm)?.length, 2, stdout);
  assert.ok(!stdout.includes('\u001b'), JSON.stringify(stdout));
});
