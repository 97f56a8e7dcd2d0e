import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { Liveness, MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { freshKey } from '../helpers/keys.js';
import type { Exit } from '../helpers/process.js';
import { trackQueue } from '../helpers/tracking.js';
import { commandOf, nextRequest, startTimeClient } from './support.js';
import { onTerminal, skipWithoutTerminal } from './terminal.js';

/** An escape sequence, a C1 control and an override of the direction. */
const HOSTILE = 'ev\u001b[2J\u009b\u202eil';
const ESCAPED = /ev\\(x1b|u001b)\[2J\\(x9b|u009b)\\u202eil/;

// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

function serve(t: TestContext, key: number): MessageQueue {
  const queue = trackQueue(t, MessageQueue.create(key));
  const liveness = Liveness.claim(key, { mode: 0o600 });
  atEnd(t, () => liveness.release());
  return queue;
}

const NOW = String(BigInt(Date.now()) * 1_000_000n);

/** Answers one request with these fields. */
async function answer(queue: MessageQueue, fields: object): Promise<void> {
  const { id, replyTo } = await nextRequest(queue);
  await queue.send(replyTo, JSON.stringify({ timeq: 1, id, received: NOW, sent: NOW, ...fields }));
}

function assertHarmless({ stdout, stderr }: Pick<Exit, 'stdout' | 'stderr'>): void {
  assert.doesNotMatch(stdout + stderr, UNSAFE, JSON.stringify(stdout + stderr));
  assert.match(stdout + stderr, ESCAPED, 'it is told, and was not merely left out');
}

for (const [words, fields] of [
  [['now'], { time: NOW, asctime: HOSTILE }],
  [['now', '--json'], { time: NOW, asctime: HOSTILE }],
  [['watch', '--count', '1'], { time: NOW, asctime: HOSTILE }],
  [['status'], { status: { pid: 1, version: HOSTILE } }],
  [['status', '--json'], { status: { pid: 1, version: HOSTILE } }],
  [['now'], { error: { code: 'denied', message: HOSTILE } }],
  [['status', '--json'], { error: { code: HOSTILE, message: HOSTILE } }],
] as const) {
  const kind = Object.keys(fields).at(-1);
  test(`a hostile ${kind} of a server does not act on the terminal of ${words.join(' ')}`, async (t) => {
    const key = freshKey(t);
    const queue = serve(t, key);
    const client = startTimeClient(t, key, words);
    await answer(queue, fields);
    assertHarmless(await client.exit());
  });
}

test('nor does a hostile classic reply', async (t) => {
  const key = freshKey(t);
  const queue = serve(t, key);
  const client = startTimeClient(t, key, ['now', '--classic']);
  await queue.receive({ type: 1 });
  await queue.send(3, HOSTILE);
  assertHarmless(await client.exit());
});

test('nor does what is typed at the prompt, or an error there', { skip: skipWithoutTerminal }, async (t) => {
  const key = freshKey(t);
  const queue = serve(t, key);
  const terminal = onTerminal(t, commandOf(key, []), { env: { TERM: 'dumb' } });
  await terminal.waitFor('quit): ');
  terminal.write('1\r');
  await answer(queue, { error: { code: 'denied', message: HOSTILE } });
  await terminal.waitFor('quit): ');
  terminal.write('q\r');
  const { stdout } = await terminal.exit();
  assertHarmless({ stdout: stdout.replaceAll('\r', ''), stderr: '' });
});
