import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import type { RunningProcess } from '../helpers/process.js';
import { commandOf, freeze, ownServer, startServer, untilMessages } from './support.js';
import { onTerminal, skipWithoutTerminal as skip, withJobs } from './terminal.js';

const QUESTION = 'Message type (1: the time, 2: stop the server, q: quit): ';
const TIME = /[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}/;

/** Runs time-client on a terminal of its own; what is typed goes in at `write`. */
async function converse(
  t: TestContext,
  key: number,
  commandLine: readonly string[] = [],
): Promise<RunningProcess> {
  const terminal = onTerminal(t, commandOf(key, commandLine));
  await terminal.waitFor(QUESTION);
  return terminal;
}

/** Asks once more, so that the conversation is known to have gone on, and leaves. */
async function askAndQuit(terminal: RunningProcess): Promise<void> {
  terminal.write('1\r');
  await terminal.waitFor(TIME);
  terminal.write('q\r');
  assert.equal((await terminal.exit()).code, 0);
}

test('on a terminal it asks for the message type: 1 tells the time, q leaves', { skip }, async (t) => {
  const { key } = await ownServer(t);
  const terminal = await converse(t, key);
  for (let turn = 0; turn < 3; turn++) {
    terminal.write('1\r');
    await terminal.waitFor(TIME);
    await terminal.waitFor(QUESTION);
  }
  terminal.write('q\r');
  assert.equal((await terminal.exit()).code, 0);
  assert.notEqual(queueAt(key), undefined);
});

test('on a dumb terminal the prompt moves no cursor', { skip }, async (t) => {
  const { key } = await ownServer(t);
  const terminal = onTerminal(t, commandOf(key, []), { env: { TERM: 'dumb' } });
  await terminal.waitFor(QUESTION);
  terminal.write('1\r');
  await terminal.waitFor(TIME);
  await terminal.waitFor(QUESTION);
  terminal.write('q\r');
  const { stdout } = await terminal.exit();
  assert.ok(!stdout.includes('\u001b'), JSON.stringify(stdout));
});

test('2 stops the server; the prompt stays, and finds the next server', { skip }, async (t) => {
  const { key, server } = await ownServer(t);
  const terminal = await converse(t, key);
  terminal.write('2\r');
  await terminal.waitFor('has stopped, and its queue is gone.');
  await terminal.waitFor(QUESTION);
  await server.exit();
  terminal.write('1\r');
  await terminal.waitFor(/There is no queue at key 0x[0-9a-f]{8}/);
  await terminal.waitFor(QUESTION);
  await startServer(t, key);
  await askAndQuit(terminal);
});

test('without a server the prompt says so at once, and waits for one to be started', { skip }, async (t) => {
  const key = freshKey(t);
  const terminal = await converse(t, key);
  // With nothing behind the command, which is there to be copied.
  assert.match(
    terminal.stdout,
    /There is no queue at key 0x[0-9a-f]{8}.*start one with: time-server --key 0x[0-9a-f]+\r\n/,
  );
  await startServer(t, key);
  await askAndQuit(terminal);
});

test('a server that is killed is reported at once, and its successor is asked', { skip }, async (t) => {
  const { key, server } = await ownServer(t);
  const terminal = await converse(t, key);
  await freeze(server);
  terminal.write('1\r');
  await untilMessages(key, 1);
  server.kill('SIGKILL');
  await terminal.waitFor('died without an answer');
  await terminal.waitFor(QUESTION);
  terminal.write('1\r');
  await terminal.waitFor('is dead and left its queue behind');
  await terminal.waitFor(QUESTION);
  await startServer(t, key);
  await askAndQuit(terminal);
});

test('nonsense is survived', { skip }, async (t) => {
  const { key } = await ownServer(t);
  const terminal = await converse(t, key);
  for (const [typed, said] of [
    ['', QUESTION],
    ['   ', QUESTION],
    ['hello', '"hello" is not a message type'],
    ['3', "Type 3 is the server's reply"],
    ['-1', 'The server takes no message type -1'],
    ['99999999999999999999', 'The server takes no message type'],
    ['1; rm -rf /', 'is not a message type'],
    ['ä€😀', 'is not a message type'],
    ['x'.repeat(2000), `${'x'.repeat(40)}...`],
    ['__proto__', 'is not a message type'],
  ] as const) {
    terminal.write(`${typed}\r`);
    await terminal.waitFor(said);
    if (said !== QUESTION) await terminal.waitFor(QUESTION);
  }
  terminal.write('1\r');
  await terminal.waitFor(TIME);
  terminal.write('Q\r');
  assert.equal((await terminal.exit()).code, 0);
});

test('the end of input leaves', { skip }, async (t) => {
  const { key } = await ownServer(t);
  const terminal = await converse(t, key);
  terminal.write('\u0004');
  assert.equal((await terminal.exit()).code, 0);
});

test('Ctrl-C leaves', { skip }, async (t) => {
  const { key } = await ownServer(t);
  const terminal = await converse(t, key);
  terminal.write('\u0003');
  assert.equal((await terminal.exit()).code, 0);
});

test('Ctrl-C cancels the pending request, and only that', { skip }, async (t) => {
  const { key, server } = await ownServer(t);
  const terminal = await converse(t, key);
  await freeze(server);
  terminal.write('1\r');
  await untilMessages(key, 1);
  terminal.write('\u0003');
  await terminal.waitFor('Cancelled.');
  await terminal.waitFor(QUESTION);
  server.kill('SIGCONT');
  await askAndQuit(terminal);
});

test('Ctrl-Z and fg bring the question back, with what was typed, again and again', { skip }, async (t) => {
  const { key } = await ownServer(t);
  const terminal = withJobs(t, commandOf(key, []));
  await terminal.waitFor(QUESTION);
  for (let turn = 1; turn <= 2; turn++) {
    terminal.write('12\u001a');
    await terminal.waitFor('away');
    await terminal.waitFor(`${QUESTION}12`);
    terminal.write('\u007f\r');
    await terminal.waitFor(TIME);
    await terminal.waitFor(QUESTION);
  }
  terminal.write('q\r');
  const { stdout } = await terminal.exit();
  assert.match(stdout, /ended with 0\r\n$/);
});

test('Ctrl-Z while a request is under way leaves it under way', { skip }, async (t) => {
  const { key, server } = await ownServer(t);
  const terminal = withJobs(t, commandOf(key, ['--timeout', '1h']));
  await terminal.waitFor(QUESTION);
  await freeze(server);
  terminal.write('1\r');
  await untilMessages(key, 1);
  terminal.write('\u001a');
  await terminal.waitFor('away');
  server.kill('SIGCONT');
  await terminal.waitFor(TIME);
  await terminal.waitFor(QUESTION);
  terminal.write('q\r');
  assert.match((await terminal.exit()).stdout, /ended with 0\r\n$/);
});

test('--format holds at the prompt too', { skip }, async (t) => {
  const { key } = await ownServer(t);
  const terminal = await converse(t, key, ['--format', '+%Y-%m-%d', '--zone', 'UTC']);
  terminal.write('1\r');
  await terminal.waitFor(/\d{4}-\d\d-\d\d\r/);
  terminal.write('q\r');
  assert.equal((await terminal.exit()).code, 0);
});
