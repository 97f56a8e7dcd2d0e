import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ftok } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { temporaryFolder } from '../helpers/folder.js';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { removeAllAt } from '../helpers/tracking.js';
import type { Exit, RunningProcess } from '../helpers/process.js';
import { runExample, startExample } from './example.js';

function bookFile(t: TestContext): string {
  const path = join(temporaryFolder(t), 'book.sqlite');
  // The queues' keys come from the file, so it has to be there for as long as they are to be found.
  writeFileSync(path, '');
  const keys = [ftok(path, 1), ftok(path, 2)];
  atEnd(t, () => {
    keys.forEach(removeAllAt);
  });
  return path;
}

async function startServer(t: TestContext, path: string): Promise<RunningProcess> {
  const server = startExample(t, ['address-book', 'server', path]);
  await server.waitFor(`keeps ${path}`);
  return server;
}

/** A client that is given all its answers at once. */
async function runClient(t: TestContext, path: string, answers: readonly string[]): Promise<Exit> {
  return await runExample(t, ['address-book', 'client', path], { input: `${answers.join('\n')}\n` });
}

function adding(name: string, phone = '0'): string[] {
  return ['add', name, phone];
}

test('the menu: add, find, remove, quit', async (t) => {
  const path = bookFile(t);
  await startServer(t, path);
  const client = startExample(t, ['address-book', 'client', path]);
  const say = async (question: string, answer: string): Promise<void> => {
    await client.waitFor(question);
    client.write(`${answer}\n`);
  };
  await say('add, remove, find or quit? ', 'add');
  await say('Name: ', 'Ada Lovelace');
  await say('Phone: ', '+44 (0)20 1815-1852');
  await client.waitFor('Ada Lovelace is in the book.\n');
  await say('quit? ', 'ADD');
  await say('Name: ', 'Alan Turing');
  await say('Phone: ', '1912');
  await say('quit? ', 'find');
  await say('Name, or a part of it: ', 'a');
  await client.waitFor('  Ada Lovelace: +44 (0)20 1815-1852\n  Alan Turing: 1912\n');
  await say('quit? ', 'remove');
  await say('Name: ', 'ada lovelace');
  await client.waitFor('is removed.\n');
  await say('quit? ', 'find');
  await say('part of it: ', 'Ada');
  await client.waitFor('No entry is found.\n');
  await say('quit? ', 'quit');
  const { code, stderr } = await client.exit();
  assert.deepEqual([code, stderr], [0, '']);
});

test('bad answers are asked for again, and what cannot be done is said', async (t) => {
  const path = bookFile(t);
  await startServer(t, path);
  const { code, stdout } = await runClient(t, path, [
    'print',
    // Twice a name and twice a number that are none.
    'add',
    '',
    'x'.repeat(81),
    'Eve',
    'not a number',
    '---',
    '555',
    ...adding('eve'),
    'remove',
    'Adam',
    'find',
    "'; DROP TABLE entries; --",
    'find',
    '%',
  ]);
  assert.equal(code, 0);
  for (const sentence of [
    '"print" is not on the menu.',
    'A name is wanted.',
    'A name has at most 80 characters.',
    'A phone number has digits, spaces and ( ) / -, perhaps after a +.',
    'Eve is in the book.',
    'eve has an entry already.',
    'Adam has no entry.',
  ]) {
    assert.ok(stdout.includes(sentence), `${sentence}\n${stdout}`);
  }
  assert.equal(stdout.match(/No entry is found\./g)?.length, 2);
});

test('two clients that write at once lose nothing, and only one of them gets the same name', async (t) => {
  const path = bookFile(t);
  const server = await startServer(t, path);
  const answers = (client: string): string[] =>
    Array.from({ length: 30 }, (_, index) => [
      ...adding(`${client} ${index}`),
      ...adding(`both ${index}`),
    ]).flat();
  const [one, two] = await Promise.all([
    runClient(t, path, answers('one')),
    runClient(t, path, answers('two')),
  ]);
  assert.deepEqual([one.code, two.code, one.stderr, two.stderr], [0, 0, '', '']);
  const both = one.stdout + two.stdout;
  for (let index = 0; index < 30; index++) {
    for (const name of [`one ${index}`, `two ${index}`, `both ${index}`]) {
      assert.equal(both.split(`${name} is in the book.`).length - 1, 1, name);
    }
    assert.equal(both.split(`both ${index} has an entry already.`).length - 1, 1);
  }
  await server.killed('SIGTERM');
  const again = startExample(t, ['address-book', 'server', path]);
  await again.waitFor('entries: 90;');
  assert.equal(readFileSync(path).subarray(0, 15).toString(), 'SQLite format 3');
});

test('a server that is killed loses no entry that a client was told of, and the next one goes on', async (t) => {
  const path = bookFile(t);
  const server = await startServer(t, path);
  const client = startExample(t, ['address-book', 'client', path], {
    input: Array.from({ length: 5000 }, (_, index) => `${adding(`n${index}`).join('\n')}\n`).join(''),
  });
  await client.waitFor('n20 is in the book.');
  server.kill('SIGKILL');
  const { code, stdout, stderr } = await client.exit();
  assert.equal(code, 1);
  assert.equal(stderr, 'The server has gone. Whether it did what it was asked last is not known.\n');
  const told = stdout.match(/ is in the book\./g)?.length ?? 0;
  assert.ok(told > 20);

  // Without a server, a client is told so at once, though the queues are still there.
  const between = await runClient(t, path, []);
  assert.deepEqual([between.code, between.stderr], [1, `No server is at ${path}: start it first.\n`]);

  const next = startExample(t, ['address-book', 'server', path]);
  const [, entries] = await next.waitFor(/entries: (\d+);/);
  assert.ok(Number(entries) === told || Number(entries) === told + 1, `${entries} of ${told}`);
  const after = await runClient(t, path, [...adding('after'), 'find', `n${told - 1}`]);
  assert.match(after.stdout, /after is in the book\.(.|\n)* n\d+: 0\n/);

  assert.equal((await next.killed('SIGINT')).code, 0);
  const [requests, replies] = [ftok(path, 1), ftok(path, 2)];
  assert.deepEqual(
    [queueAt(requests), queueAt(replies), semaphoresAt(requests)],
    [undefined, undefined, undefined],
  );
});

test('a lock that a killed server left on the file does not keep the next one out', async (t) => {
  const path = bookFile(t);
  mkdirSync(`${path}.lock`);
  await startServer(t, path);
  const { stdout } = await runClient(t, path, adding('Grace'));
  assert.match(stdout, /Grace is in the book\./);
});

test('a second server for the same file is refused, whatever it calls it', async (t) => {
  const path = bookFile(t);
  const server = await startServer(t, path);
  const detour = `${path}-too`;
  symlinkSync(path, detour);
  const { code, stderr } = await runExample(t, ['address-book', 'server', detour]);
  assert.deepEqual([code, stderr], [1, `${detour} has a server already: process ${server.pid}.\n`]);
});

test('a file that is no address book is left as it is', async (t) => {
  const path = bookFile(t);
  writeFileSync(path, 'Dear diary, '.repeat(100));
  const { code, stderr } = await runExample(t, ['address-book', 'server', path]);
  assert.equal(code, 1);
  assert.match(stderr, /^.* can't be used as an address book: file is not a database\n$/);
  assert.equal(readFileSync(path, 'utf8'), 'Dear diary, '.repeat(100));
});

test('a path that cannot be written is one sentence', async (t) => {
  const path = join(temporaryFolder(t), 'missing', 'book.sqlite');
  const { code, stderr } = await runExample(t, ['address-book', 'server', path]);
  assert.equal(code, 1);
  assert.match(stderr, /^The address book can't be kept at .*\n$/);
});
