import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { displayWidth } from '@timeq/cli-kit/text/width';
import type { RunningProcess } from '../../helpers/process.js';
import { quoted } from '../../helpers/shell.js';
import { sceneOnTerminal, skipWithoutTerminals } from '../support.js';
import { scratchFolder, tools } from '../world.js';

const skip = skipWithoutTerminals();

const ENTER_SCREEN = '\u001b[?1049h';
const LEAVE_SCREEN = '\u001b[?25h\u001b[?1049l';

/** What begins a row of the screen. */
function row(number: number): string {
  return `\u001b[${number};1H\u001b[K`;
}

interface Watching {
  readonly terminal: RunningProcess;
  /** Lets what stands behind `later` in the scene happen. */
  readonly go: () => void;
}

/**
 * Watches 30 queues, of which the first has three messages, on a terminal of 100 by 20. Then the scene says how
 * it ended, and whether the terminal is as it was.
 */
function watchOnTerminal(
  t: TestContext,
  words = '',
  later = 'true',
  environment: Record<string, string> = {},
): Watching {
  const signal = `${scratchFolder(t)}/signal`;
  const terminal = sceneOnTerminal(
    t,
    `${tools}stty rows 20
snippet "import { MessageQueue } from '@timeq/mq-native'; for (let n = 0; n < 30; n++) MessageQueue.create(0x80 + n);"
ipctools send 0x80 a b c
before=$(stty -g)
(until [ -e ${quoted(signal)} ]; do :; done; pid=$(pgrep -f 'ipctools.js watch'); ${later}) </dev/tty >/dev/null 2>&1 &
ipctools watch --interval 50ms ${words}; code=$?
[ "$(stty -g)" = "$before" ] && echo "terminal as it was, code $code"`,
    100,
    environment,
  );
  return { terminal, go: () => writeFileSync(signal, '') };
}

/** The end of what was shown: the usual screen again, its cursor, its modes, and the exit code. */
async function assertRestored(terminal: RunningProcess, code: number): Promise<string> {
  const { stdout } = await terminal.exit();
  const left = stdout.lastIndexOf(LEAVE_SCREEN);
  assert.ok(left > stdout.lastIndexOf(ENTER_SCREEN), 'the usual screen is back');
  const after = stdout.slice(left + LEAVE_SCREEN.length);
  assert.ok(after.includes(`terminal as it was, code ${code}`), after);
  return after;
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
  assert.match(heads, /^KEY +ID +.*MESSAGES +BYTES +FULL +IN\/S +OUT\/S +WAITING/);
  assert.match(first, /^0x00000080 +0 .* 3 +3 +▏ +0% /);
  assert.equal(frame.length, 20);
  assert.match(rest.at(-1) ?? '', /^q quit/);
  for (const line of frame.slice(0, -1)) assert.ok(displayWidth(line) <= 100, line);
});

for (const [title, typed, code] of [
  ['q leaves, and the terminal is as it was', 'q', 0],
  ['Ctrl-C leaves, and the terminal is as it was', '\u0003', 0],
] as const) {
  test(title, { skip }, async (t) => {
    const { terminal } = watchOnTerminal(t);
    await terminal.waitFor('q quit');
    terminal.write(typed);
    await assertRestored(terminal, code);
  });
}

for (const [signal, code] of [
  ['INT', 0],
  ['TERM', 143],
  ['HUP', 129],
] as const) {
  test(`after SIG${signal} the terminal is as it was, exit code ${code}`, { skip }, async (t) => {
    const { terminal, go } = watchOnTerminal(t, '', `kill -${signal} $pid`);
    await terminal.waitFor('q quit');
    go();
    await assertRestored(terminal, code);
  });
}

test('after a crash the terminal is as it was, and the stack trace is on it', { skip }, async (t) => {
  const crash = `process.on('SIGUSR2', () => { throw new Error('crashed on purpose'); })`;
  const { terminal, go } = watchOnTerminal(t, '', 'kill -USR2 $pid', {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crash)}`,
  });
  await terminal.waitFor('q quit');
  go();
  const after = await assertRestored(terminal, 1);
  assert.match(after, /Error: crashed on purpose/);
});

test('--count leaves by itself', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t, '--count 3');
  await assertRestored(terminal, 0);
});

test('Ctrl-Z gives the terminal back until it goes on', { skip }, async (t) => {
  const stopped = "until grep -q '^State:.T' /proc/$pid/status; do :; done";
  const { terminal, go } = watchOnTerminal(t, '', `${stopped}; kill -CONT $pid`);
  await terminal.waitFor('q quit');
  terminal.write('\u001a');
  await terminal.waitFor(LEAVE_SCREEN);
  go();
  await terminal.waitFor(ENTER_SCREEN);
  await terminal.waitFor('q quit');
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('a key sorts by its column, and once more the other way round', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t);
  await terminal.waitFor('q quit');
  terminal.write('k');
  await terminal.waitFor('KEY↓');
  await terminal.waitFor(`${row(3)}0x00000080 `);
  terminal.write('k');
  await terminal.waitFor('KEY↑');
  await terminal.waitFor(`${row(3)}0x0000009d `);
  terminal.write('m');
  await terminal.waitFor('MESSAGES↓');
  await terminal.waitFor(`${row(3)}0x00000080 `);
  terminal.write('q');
  await assertRestored(terminal, 0);
});

test('Page Down and Page Up scroll through all queues', { skip }, async (t) => {
  const { terminal } = watchOnTerminal(t);
  await terminal.waitFor('q quit');
  terminal.write('\u001b[6~');
  await terminal.waitFor('0x0000009d');
  terminal.write('\u001b[5~');
  await terminal.waitFor(`${row(3)}0x00000080 `);
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

test('what happens to a queue shows without a key', { skip }, async (t) => {
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
