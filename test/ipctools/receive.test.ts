import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';
import { bin } from '../helpers/node.js';
import { run } from '../helpers/process.js';
import { newQueue } from './queue.js';
import { ipctools, startIpctools, untilBlocked } from './support.js';

test('one message is taken, and its body printed', async (t) => {
  const { name, queue } = newQueue(t, 'one', 'two');
  assert.deepEqual(await ipctools(t, ['receive', name]), {
    code: 0,
    signal: null,
    stdout: 'one\n',
    stderr: '',
  });
  assert.equal(queue.stat().messages, 1);
});

test('messages are chosen by type as msgrcv does', async (t) => {
  const { name, queue } = newQueue(t);
  for (const type of [5, 3, 9, 2n ** 63n - 1n]) queue.trySend(type, `type ${type}`);
  const received = async (...words: string[]) => (await ipctools(t, ['receive', name, ...words])).stdout;
  assert.equal(await received('--type', '-5'), 'type 3\n');
  assert.equal(await received('--except', '5'), 'type 9\n');
  assert.equal(await received('--type', '9223372036854775807'), 'type 9223372036854775807\n');
  assert.equal(await received('--type', '0'), 'type 5\n');
});

test('--count takes so many, --all takes what is there', async (t) => {
  const { name } = newQueue(t, 'a', 'b', 'c', 'd');
  assert.equal((await ipctools(t, ['receive', name, '--count', '2'])).stdout, 'a\nb\n');
  assert.equal((await ipctools(t, ['receive', name, '--all'])).stdout, 'c\nd\n');
  assert.deepEqual(await ipctools(t, ['receive', name, '--all']), {
    code: 0,
    signal: null,
    stdout: '',
    stderr: '',
  });
});

test('bytes are exact, and the other formats are one line each', async (t) => {
  const body = '\u001b\n';
  const { name } = newQueue(t, body, body, body, body);
  const received = async (format: string) =>
    (await ipctools(t, ['receive', name, '--format', format])).stdout;
  assert.equal(await received('text'), '\u001b\n\n');
  assert.equal(await received('hex'), '1b0a\n');
  assert.equal(await received('base64'), 'Gwo=\n');
  assert.equal(await received('json'), '{"type":1,"body":"\\u001b\\n"}\n');
});

test('--json is one document, also when nothing came', async (t) => {
  const { name } = newQueue(t, 'a', 'b');
  const document = async (...words: string[]): Promise<unknown> =>
    JSON.parse((await ipctools(t, ['receive', name, '--json', ...words])).stdout);
  assert.deepEqual(await document('--all'), {
    messages: [
      { type: 1, body: 'a' },
      { type: 1, body: 'b' },
    ],
    count: 2,
    timedOut: false,
  });
  assert.deepEqual(await document('--no-wait'), { messages: [], count: 0, timedOut: true });
});

test('nothing there: --no-wait and --timeout end with exit code 4 and one sentence', async (t) => {
  const { name, queue } = newQueue(t);
  const noWait = await ipctools(t, ['receive', name, '--no-wait']);
  assert.equal(noWait.code, 4);
  assert.equal(noWait.stderr, `ipctools: no matching message in queue ${queue.id} (key ${name})\n`);
  const timeout = await ipctools(t, ['receive', name, '--timeout', '10ms']);
  assert.equal(timeout.code, 4);
  assert.equal(
    timeout.stderr,
    `ipctools: no matching message arrived in queue ${queue.id} (key ${name}) within 10ms\n`,
  );
});

test('a time that no timer can take is refused before anything is done', async (t) => {
  const queue = MessageQueue.create(freshKey(t));
  await queue.send(1, 'stays');
  for (const [verb, ...words] of [['receive'], ['send', 'a body'], ['wait']] as const) {
    const { code, stdout, stderr } = await ipctools(t, [verb, queue.id, ...words, '--timeout', '30d']);
    assert.deepEqual([code, stdout], [2, ''], verb);
    assert.equal(
      stderr,
      `ipctools: '30d' is too long to wait for; the longest is 24d; see \`ipctools ${verb} --help\`\n`,
    );
  }
  assert.equal(queue.stat().messages, 1);
});

test('with --count and --timeout it says how many came', async (t) => {
  // On a slow machine the time may be over before all are taken: then the rest is still there, and has longer.
  for (const timeout of ['100ms', '1s', '10s', '50s']) {
    const { name, queue } = newQueue(t, 'a', 'b', 'c');
    const { code, stdout, stderr } = await ipctools(t, [
      'receive',
      name,
      '--count',
      '5',
      '--timeout',
      timeout,
    ]);
    const came = 3 - queue.stat().messages;
    assert.deepEqual(
      [code, stdout, stderr],
      [4, 'a\nb\nc\n'.slice(0, 2 * came), `received ${came} of 5 within ${timeout}\n`],
    );
    if (came === 3) return;
  }
  assert.fail('three messages that were there did not come within 50 s');
});

test('a message that comes later is waited for', async (t) => {
  const { name, queue } = newQueue(t);
  const receiving = startIpctools(t, ['receive', name]);
  await untilBlocked(t, queue.id, 'R');
  queue.trySend(7, 'late');
  assert.equal((await receiving.exit()).stdout, 'late\n');
});

test('--follow prints messages as they come, and ends with exit code 0 on Ctrl-C and on SIGTERM', async (t) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { name, queue } = newQueue(t, 'first');
    const following = startIpctools(t, ['receive', name, '--follow', '--format', 'json']);
    assert.equal(await following.nextLine(), '{"type":1,"body":"first"}');
    queue.trySend(2, 'second');
    assert.equal(await following.nextLine(), '{"type":2,"body":"second"}');
    const { code, stderr } = await following.killed(signal);
    assert.deepEqual([code, stderr], [0, '']);
    queue.trySend(1, 'after');
    assert.equal(queue.stat().messages, 1, 'nothing is taken after the end');
  }
});

test('Ctrl-C before all have come is exit code 130, and says how many did', async (t) => {
  const { name, queue } = newQueue(t, 'a');
  const receiving = startIpctools(t, ['receive', name, '--count', '3']);
  assert.equal(await receiving.nextLine(), 'a');
  await untilBlocked(t, queue.id, 'R');
  const { code, stderr } = await receiving.killed('SIGINT');
  assert.deepEqual([code, stderr], [130, 'ipctools: interrupted; received 1 of 3\n']);
});

test('a removal while it waits is exit code 1, one sentence, and says how many came', async (t) => {
  const { name, queue } = newQueue(t, 'a');
  const receiving = startIpctools(t, ['receive', name, '--follow']);
  assert.equal(await receiving.nextLine(), 'a');
  await untilBlocked(t, queue.id, 'R');
  queue.remove();
  const { code, stderr } = await receiving.exit();
  assert.equal(code, 1);
  assert.match(
    stderr,
    /^ipctools: 1 message received before this:\nipctools: EIDRM: the queue was removed, [^\n]*\n$/,
  );
});

test('when its reader goes away the message in hand goes back into the queue', async (t) => {
  const { name, queue } = newQueue(t, 'one');
  const following = startIpctools(t, ['receive', name, '--follow']);
  assert.equal(await following.nextLine(), 'one');
  following.closeOutput();
  queue.trySend(5, 'two');
  const { code, stderr } = await following.exit();
  assert.equal(code, 1);
  assert.match(stderr, /the message was returned to the end of queue \d+/);
  const message = queue.tryReceive();
  assert.deepEqual([message?.type, message?.body.toString()], [5, 'two']);
});

test('a message that can go nowhere is written to standard error', async (t) => {
  const { name, queue } = newQueue(t);
  // It fits only because the limit is lowered behind it: once taken, it doesn't fit again.
  queue.trySend(5, 'precious');
  queue.set({ maxBytes: 4 });
  const { code, stderr } = await ipctoolsTo(t, '>/dev/full', ['receive', name]);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /could not be returned to queue [^\n]*, so here it is:\n\{"type":5,"body":"precious"\}\n$/,
  );
});

test('a full disk loses no message', async (t) => {
  const { name, queue } = newQueue(t, 'one', 'two');
  const { code, stderr } = await ipctoolsTo(t, '>/dev/full', ['receive', name, '--all']);
  assert.equal(code, 1);
  assert.match(stderr, /^ipctools: the output could not be written: ENOSPC: .*returned to the end of queue/);
  assert.deepEqual(
    queue.receiveBatch().map(({ body }) => body.toString()),
    ['two', 'one'],
  );
});

test('without a standard output nothing is taken or copied', async (t) => {
  const { name, queue } = newQueue(t, 'one', 'two');
  for (const [output, words, code] of [
    // Node.js opens /dev/null in its place, and every write would succeed.
    ['>&-', ['receive', name, '--all'], 1],
    ['>&-', ['receive', name, '--json', '--no-wait'], 1],
    ['>&-', ['dump', name], 1],
    // As daemon(3) leaves it.
    ['1<>/dev/null', ['receive', name, '--follow'], 1],
    ['>&-', ['peek', name], 0],
  ] as const) {
    const done = await ipctoolsTo(t, output, words);
    assert.equal(done.code, code, `${words.join(' ')} ${output}: ${done.stderr}`);
    if (code === 1)
      assert.match(
        done.stderr,
        /^ipctools: standard output is closed or ignored, so [^\n]* would be lost; nothing done [^\n]*\n$/,
      );
  }
  assert.equal(queue.stat().messages, 2);
  assert.equal((await ipctoolsTo(t, '>&-', ['receive', name, '--exec', 'cat'])).code, 0);
  assert.equal((await ipctoolsTo(t, '>/dev/null', ['receive', name])).code, 0);
  assert.equal(queue.stat().messages, 0);
});

test('wrong usage is exit code 2 and takes nothing', async (t) => {
  const { name, queue } = newQueue(t, 'x');
  for (const words of [
    ['receive'],
    ['receive', name, name],
    ['receive', name, '--count', '0'],
    ['receive', name, '--count', '1', '--all'],
    ['receive', name, '--follow', '--no-wait'],
    ['receive', name, '--follow', '--json'],
    ['receive', name, '--json', '--format', 'hex'],
    ['receive', name, '--all', '--timeout', '1s'],
    ['receive', name, '--type', '1', '--except', '2'],
    ['receive', name, '--format', 'xml'],
    ['receive', name, '--timeout', 'soon'],
  ]) {
    const { code, stdout, stderr } = await ipctools(t, words);
    assert.equal(code, 2, `${words.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, /^ipctools: [^\n]+\n$/);
  }
  assert.equal(queue.stat().messages, 1);
});

/** Runs ipctools with its standard output in a file. */
/** @param output a redirection of sh */
function ipctoolsTo(t: TestContext, output: string, words: readonly string[]) {
  return run(t, 'sh', ['-c', `exec "$@" ${output}`, 'sh', process.execPath, bin('ipctools'), ...words]);
}
