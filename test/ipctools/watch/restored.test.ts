import assert from 'node:assert/strict';
import test from 'node:test';
import { skipWithoutTerminals } from '../support.js';
import { assertRestored, ENTER_SCREEN, LEAVE_SCREEN, watchOnTerminal } from './on-terminal.js';

const skip = skipWithoutTerminals();

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

test('Ctrl-Z gives the terminal back until it goes on', { skip }, async (t) => {
  const stopped = "until grep -q '^State:.T' /proc/$pid/status; do sleep 0.02; done";
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
