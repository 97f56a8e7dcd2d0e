import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { until } from '../../helpers/deadline.js';
import { temporaryFolder } from '../../helpers/folder.js';
import type { RunningProcess } from '../../helpers/process.js';
import { quoted } from '../../helpers/shell.js';
import { sceneOnTerminal, skipWithoutTerminals } from '../support.js';
import { tools } from '../world.js';

const skip = skipWithoutTerminals();

const SPACE = ' ';
const DOWN = '\u001b[B';
const ENTER = '\r';
const ESCAPE = '\u001b';
const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';

/** A proven queue with its semaphore (0x80) and an unproven one (0x81), both stale; then `clean` on a terminal. */
function cleanOnTerminal(
  t: TestContext,
  before = '',
  then = '',
  environment: Record<string, string> = {},
): { terminal: RunningProcess; folder: string } {
  const folder = temporaryFolder(t);
  const terminal = sceneOnTerminal(
    t,
    `${tools}stty rows 40
left() { echo "left: $(ipctools list all --raw --no-header --columns key | tr '\\n' ' ')"; }
serve; killed $server
ipctools create --key 0x81 >/dev/null; ipctools send 0x81 hello
${before}
ipctools clean --older-than 0${then}; echo "code $?"; left`,
    100,
    { XDG_STATE_HOME: folder, ...environment },
  );
  return { terminal, folder };
}

async function untilShown(terminal: RunningProcess): Promise<void> {
  await terminal.waitFor('Remove which?');
  // The last line: the list is whole.
  await terminal.waitFor('esc cancel');
}

test('proven objects are selected at first, and a yes removes exactly those', { skip }, async (t) => {
  const { terminal } = cleanOnTerminal(t);
  await untilShown(terminal);
  terminal.write(ENTER);
  await terminal.waitFor('Remove 2 objects? [y/N] ');
  terminal.write('y\r');
  const { stdout } = await terminal.exit();
  assert.match(stdout, /removed 2; 0 bytes freed\r?\n/);
  assert.match(stdout, /code 0\r?\nleft: 0x00000081 \r?\n/);
});

test('what will be removed is shown above the question, with its reasons', { skip }, async (t) => {
  const { terminal } = cleanOnTerminal(t);
  await untilShown(terminal);
  terminal.write(ENTER);
  await terminal.waitFor(/VERDICT +KIND +KEY/);
  await terminal.waitFor(/stale, proven +queue +0x00000080 .* its server \d+ died/);
  await terminal.waitFor(/stale, proven +semaphore set +0x00000080/);
  await terminal.waitFor('Remove 2 objects? [y/N] ');
  terminal.write('n\r');
  assert.match((await terminal.exit()).stdout, /code 3/);
});

test(
  'the list shows owner, idle time, bytes and a short reason, and the long one of one line',
  { skip },
  async (t) => {
    const { terminal } = cleanOnTerminal(t);
    await terminal.waitFor('Remove which? 2 of 3 chosen, 0 bytes');
    await terminal.waitFor(/KIND +KEY +ID +OWNER +IDLE +BYTES +REASON/);
    await terminal.waitFor(/> \[x\] queue +0x00000080 +0 +root +\d+s +0 +proven: its server died/);
    await terminal.waitFor(/\[ \] queue +0x00000081 +1 +root +\d+s +5 +unused, its users are dead/);
    await terminal.waitFor(/stale, proven: its server \d+ died: its liveness semaphore was lowered/);
    await terminal.waitFor('a all  n none  p proven');
    terminal.write(DOWN);
    await terminal.waitFor(/stale: no thread is blocked in it; /);
    terminal.write('/0081');
    await terminal.waitFor("(1 contain '0081')");
    terminal.write(`${ENTER}a`);
    await terminal.waitFor('3 of 3 chosen, 5 bytes');
    terminal.write('n');
    await terminal.waitFor('2 of 3 chosen, 0 bytes');
    terminal.write(ESCAPE);
    await terminal.waitFor('2 of 3 chosen, 0 bytes\u001b');
    terminal.write('n');
    await terminal.waitFor('0 of 3 chosen');
    terminal.write('p');
    await terminal.waitFor('2 of 3 chosen');
    terminal.write(ESCAPE);
    assert.match((await terminal.exit()).stdout, /interrupted; nothing done[^]*code 130/);
  },
);

test('SIGTERM at the list removes nothing, and gives the terminal back', { skip }, async (t) => {
  const signal = `${temporaryFolder(t)}/signal`;
  const { terminal } = cleanOnTerminal(
    t,
    `before=$(stty -g); trap '[ "$(stty -g)" = "$before" ] && echo same' EXIT
(until [ -e ${quoted(signal)} ]; do sleep 0.02; done; kill -TERM $(pgrep -f 'ipctools.js clean')) </dev/null >/dev/null 2>&1 &`,
  );
  await untilShown(terminal);
  writeFileSync(signal, '');
  const { stdout } = await terminal.exit();
  assert.match(stdout, /code 143\r?\nleft: 0x00000080 0x00000081 0x00000080 \r?\nsame\r?\n/);
});

test('an unproven object is removed if it is selected', { skip }, async (t) => {
  const { terminal } = cleanOnTerminal(t);
  await untilShown(terminal);
  terminal.write(`${DOWN}${SPACE}${ENTER}`);
  const [question] = await terminal.waitFor(/Remove \d objects?.*\? \[y\/N\] /);
  assert.match(question, /Remove 3 objects \(1 of them not proven stale\)/);
  terminal.write('y\r');
  const { stdout } = await terminal.exit();
  assert.match(stdout, /code 0\r?\nleft: \r?\n/);
});

for (const [title, typed, code] of [
  ['a no removes nothing', 'n\r', 3],
  ['Enter alone removes nothing', '\r', 3],
  ['Ctrl-C at the question removes nothing', CTRL_C, 130],
] as const) {
  test(title, { skip }, async (t) => {
    const { terminal, folder } = cleanOnTerminal(t);
    await untilShown(terminal);
    terminal.write(ENTER);
    await terminal.waitFor('Remove 2 objects? [y/N] ');
    terminal.write(typed);
    const { stdout } = await terminal.exit();
    assert.match(stdout, new RegExp(`code ${code}\\r?\\nleft: 0x00000080 0x00000081 0x00000080 \\r?\\n`));
    assert.ok(!existsSync(`${folder}/timeq/backups`));
  });
}

test('Ctrl-C at the list removes nothing, and gives the terminal back', { skip }, async (t) => {
  const { terminal } = cleanOnTerminal(
    t,
    'before=$(stty -g); trap \'[ "$(stty -g)" = "$before" ] && echo same\' EXIT',
  );
  await untilShown(terminal);
  terminal.write(CTRL_C);
  const { stdout } = await terminal.exit();
  assert.match(stdout, /code 130\r?\nleft: 0x00000080 0x00000081 0x00000080 \r?\nsame\r?\n/);
});

test('a dumb terminal gets a table and a question, and no cursor is moved', { skip }, async (t) => {
  const { terminal } = cleanOnTerminal(t, '', '', { TERM: 'dumb' });
  await terminal.waitFor('Remove 3 objects (1 of them not proven stale)? [y/N] ');
  terminal.write('y\r');
  const { stdout } = await terminal.exit();
  assert.match(stdout, /^VERDICT +KIND +KEY/m);
  for (const key of ['0x00000080', '0x00000081']) assert.ok(stdout.includes(key));
  assert.match(stdout, /removed 3; 5 bytes freed\r?\n/);
  assert.ok(!stdout.includes('\u001b'), JSON.stringify(stdout));
});

test('the list is back after Ctrl-Z and fg, with what was chosen', { skip }, async (t) => {
  const { terminal } = cleanOnTerminal(t, 'set -m', '; echo away; fg; echo away; fg');
  await untilShown(terminal);
  terminal.write(`${DOWN}${SPACE}`);
  await terminal.waitFor('3 of 3 chosen');
  terminal.write(CTRL_Z);
  await terminal.waitFor('away');
  await terminal.waitFor('Remove which? 3 of 3 chosen');
  terminal.write(ENTER);
  await terminal.waitFor('Remove 3 objects (1 of them not proven stale)? [y/N] ');
  terminal.write(CTRL_Z);
  await terminal.waitFor('away');
  await terminal.waitFor('[y/N] ');
  terminal.write('y\r');
  const { stdout } = await terminal.exit();
  assert.match(stdout, /removed 3; 5 bytes freed/);
});

test('nothing chosen is nothing done, exit code 3', { skip }, async (t) => {
  const { terminal } = cleanOnTerminal(t);
  await untilShown(terminal);
  terminal.write('an');
  terminal.write(ENTER);
  const { stdout } = await terminal.exit();
  assert.match(stdout, /nothing selected; nothing done/);
  assert.match(stdout, /code 3\r?\n/);
});

for (const [title, meanwhile, why] of [
  [
    'a queue that a process sends to between the list and the removal stays',
    'ipctools send 0x81 more',
    /stays: its messages could not be saved: it was used since it was listed \([^)]*messages/,
  ],
  [
    'a queue in which a process blocks between the list and the removal stays',
    'ipctools receive 0x81 --type 77 >/dev/null & blocked 1 1',
    /stays: it is not stale any more: process \d+ waits for a message/,
  ],
  [
    'a queue whose mode is changed between the list and the removal stays',
    'ipctools set 0x81 --mode 0666 >/dev/null',
    /stays: its messages could not be saved: it was used since it was listed \([^)]*mode/,
  ],
  [
    'a queue that another process removes between the list and the removal is reported',
    'ipctools rm 0x81 --yes --no-backup >/dev/null',
    /stays: (?:its messages could not be saved: EIDRM|another process removed it)/,
  ],
] as const) {
  test(title, { skip }, async (t) => {
    const signal = `${temporaryFolder(t)}/signal`;
    const { terminal } = cleanOnTerminal(
      t,
      `(until [ -e ${quoted(signal)} ]; do sleep 0.02; done; ${meanwhile}; echo done >${quoted(signal)}.done) </dev/null >/dev/null 2>&1 &`,
    );
    await untilShown(terminal);
    terminal.write(`${DOWN}${SPACE}${ENTER}`);
    await terminal.waitFor('[y/N] ');
    writeFileSync(signal, '');
    await until(() => existsSync(`${signal}.done`), 'the change');
    terminal.write('y\r');
    const { stdout } = await terminal.exit();
    assert.match(stdout, why);
    assert.match(
      stdout,
      /removed 2, (?:kept 1 \((?:gone|not stale any more)\)|failed 1 \(1 not saved\)); 0 bytes freed/,
    );
  });
}
