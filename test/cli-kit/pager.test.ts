import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import test, { type TestContext } from 'node:test';
import { skipWithoutCommands } from '../helpers/commands.js';
import { temporaryFolder } from '../helpers/folder.js';
import { bin } from '../helpers/node.js';
import { run, start, type RunningProcess } from '../helpers/process.js';
import { quoted } from '../helpers/shell.js';

const skip = skipWithoutCommands('script', 'less');

const CTRL_C = '\u0003';
/** Of less. */
// oxlint-disable-next-line no-control-regex
const PROMPT = /\n(?:\u001b\[\w+)*:/;
/** The end of every help. */
const LAST_LINE = '5    not permitted';

/** `ipctools --help` on a terminal of so many rows; then how it ended. */
function helpOnTerminal(
  t: TestContext,
  rows: number,
  environment: Record<string, string | undefined> = {},
  prefix = '',
): RunningProcess {
  const help = `${quoted(process.execPath)} ${quoted(bin('ipctools'))} --help`;
  // With a trap, Ctrl-C ends no shell: dash would end with its command.
  const line = `trap : INT; stty rows ${rows} cols 80 -onlcr; ${prefix}${help}; echo "code $?"`;
  const env = { PAGER: undefined, LESS: undefined, TERM: 'xterm', ...environment };
  return start(t, 'script', ['-qefc', line, '/dev/null'], { env });
}

test('help that is longer than the screen waits in a pager, until q', { skip }, async (t) => {
  const terminal = helpOnTerminal(t, 20);
  await terminal.waitFor('Usage: ipctools');
  await terminal.waitFor(PROMPT);
  assert.ok(!terminal.stdout.includes(LAST_LINE));
  terminal.write('q');
  await terminal.waitFor('code 0');
});

test('Ctrl-C does not end the command below its pager', { skip }, async (t) => {
  const terminal = helpOnTerminal(t, 20);
  await terminal.waitFor(PROMPT);
  terminal.write(CTRL_C);
  // less drops what is typed while it handles the signal.
  const typing = setInterval(() => terminal.write('G'), 200);
  await terminal.waitFor(LAST_LINE);
  clearInterval(typing);
  terminal.write('q');
  await terminal.waitFor('code 0');
});

test('a pager that Ctrl-C ends was left by its user', { skip }, async (t) => {
  const terminal = helpOnTerminal(t, 20, { PAGER: 'echo page; exec sleep 1000' });
  await terminal.waitFor('page');
  terminal.write(CTRL_C);
  await terminal.waitFor('code 0');
});

test('$PAGER is any command of a shell; cat, nothing or a missing one mean none', { skip }, async (t) => {
  const folder = temporaryFolder(t);
  const pager = `${folder}/pager`;
  writeFileSync(pager, '#!/bin/sh\nsed "s/^/| /"\n', { mode: 0o755 });
  const { stdout: own } = await helpOnTerminal(t, 20, { PAGER: `${quoted(pager)} | cat` }).exit();
  assert.match(own, /^\| Usage: ipctools/);
  for (const PAGER of ['', 'cat', '/no/such/pager']) {
    const { stdout } = await helpOnTerminal(t, 20, { PAGER }).exit();
    assert.match(stdout, /^Usage: ipctools[^]+ not permitted\ncode 0\n$/m, PAGER);
  }
  const { stdout: without } = await helpOnTerminal(t, 20, {}, 'PATH=/nowhere ').exit();
  assert.match(without, /Usage: ipctools[^]+ not permitted/);
});

test('what fits, a dumb terminal and a pipe need no pager', { skip }, async (t) => {
  const pager = { PAGER: 'echo paged' };
  assert.match((await helpOnTerminal(t, 20, { PAGER: 'echo paged' }).exit()).stdout, /paged\ncode 0/);
  for (const [rows, environment] of [
    [500, pager],
    [20, { ...pager, TERM: 'dumb' }],
  ] as const) {
    const { stdout } = await helpOnTerminal(t, rows, environment).exit();
    assert.ok(!stdout.includes('paged'));
    assert.match(stdout, /not permitted\ncode 0\n$/);
  }
  const { stdout } = await run(t, process.execPath, [bin('ipctools'), '--help'], { env: pager });
  assert.match(stdout, /^Usage:/);
});
