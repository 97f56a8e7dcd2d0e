import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';
import { ClientError, TimeClient } from '@timeq/time-client';
import { hangMilliseconds, until } from '../helpers/deadline.js';
import { queueAt, semaphoresAt } from '../helpers/kernel-table.js';
import { freshKey } from '../helpers/keys.js';
import { root, startSnippet, specifier } from '../helpers/node.js';
import { skipWithoutOtherUsers } from '../helpers/users.js';
import { Askers } from './askers.js';
import type { Fault } from './fault.js';
import { listeningServer } from './servers.js';

/** A type that the protocol does not use. */
const STRANGERS_TYPE = 77;

/** How long a queue stays full at most, in milliseconds: less than the timeout of the most impatient client. */
const LONGEST_FULL = 100;

/** Resolves when this many more requests were answered. */
async function untilAnswered(askers: Askers, more: number): Promise<void> {
  const goal = askers.fates.answered + more;
  await until(() => askers.fates.answered >= goal, `${more} more answers`);
}

export const queueRemoved: Fault = {
  name: 'queue-removed',
  title:
    'a queue that another process removes, or removes and creates again, is served again at the same key',
  async run(t, { random, long }) {
    const removals = long ? 1000 : 50;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    const askers = new Askers(t, key, 4);
    let recreated = 0;
    for (let removal = 0; removal < removals; removal++) {
      await untilAnswered(askers, random.below(20));
      await until(() => queueAt(key) !== undefined, 'the queue');
      MessageQueue.open(key).remove();
      if (random.below(2) === 0 && makeAgain(key)) recreated += 1;
    }
    await untilAnswered(askers, 10);
    const { answered, gone } = await askers.end();
    assert.equal((await server.killed('SIGTERM')).code, 0);
    assert.equal(queueAt(key), undefined);
    assert.equal(semaphoresAt(key), undefined);
    return `${removals} removals, after ${recreated} of which another process was first to make it again; ${answered} answered, ${gone} told that it was removed`;
  },
};

/** Whether this process was quicker than the server. */
function makeAgain(key: number): boolean {
  try {
    MessageQueue.create(key).close();
    return true;
  } catch {
    return false;
  }
}

/** Fills the queue with another program's messages until it is full. */
function fill(key: number, body: string): number {
  using queue = MessageQueue.open(key);
  let count = 0;
  while (queue.trySend(STRANGERS_TYPE, body)) count += 1;
  return count;
}

function empty(key: number): number {
  using queue = MessageQueue.open(key);
  let count = 0;
  for (let taken = 1; taken > 0; count += taken) {
    taken = queue.receiveBatch({ type: STRANGERS_TYPE }).length;
  }
  return count;
}

function queueFull(name: string, title: string, body: string): Fault {
  return {
    name,
    title,
    async run(t, { random, long }) {
      const fillings = long ? 200 : 10;
      const key = freshKey(t);
      const server = await listeningServer(t, key);
      const askers = new Askers(t, key, 4);
      let strangers = 0;
      for (let filling = 0; filling < fillings; filling++) {
        await untilAnswered(askers, 1 + random.below(20));
        const sent = fill(key, body);
        await delay(random.below(LONGEST_FULL));
        // They are all still there: neither the server nor its clients take other programs' messages.
        assert.equal(empty(key), sent, 'messages of a stranger were taken');
        strangers += sent;
      }
      await untilAnswered(askers, 10);
      const { answered, gone } = await askers.end();
      assert.equal(gone, 0);
      assert.equal((await server.killed('SIGTERM')).code, 0);
      return `${fillings} times full, ${strangers} messages of a stranger, none of them lost; ${answered} answered, 0 unanswered`;
    },
  };
}

export const queueFullByBytes = queueFull(
  'full-bytes',
  'a queue that is full by bytes holds requests and replies up, and loses none',
  'x'.repeat(1000),
);

export const queueFullByCount = queueFull(
  'full-count',
  'a queue that is full by count holds requests and replies up, and loses none',
  '',
);

/** As a user to whom modes apply. The process loads the code first, while it may still read the files. */
const SERVER_AS_NOBODY = `
  import { main } from ${specifier(`${root}packages/time-server/dist/cli/main.js`)};
  process.setgroups([]);
  process.setgid(65534);
  process.setuid(65534);
  process.exitCode = await main(['--mode', '0666', '--key', ...process.argv.slice(1)]);`;

async function forbid(t: TestContext, key: number): Promise<void> {
  const server = startSnippet(t, SERVER_AS_NOBODY, [key]);
  await server.waitFor(/listening on key/);
  using client = TimeClient.connect(key, { timeout: hangMilliseconds });
  await client.now();
  MessageQueue.open(key).set({ mode: 0 });
  // A thread blocked in msgrcv notices the new mode at the next message, which root may still send.
  const asked = client.now().then(
    () => undefined,
    (error: unknown) => error,
  );
  const { code, stderr } = await server.exit();
  assert.equal(code, 5, stderr);
  assert.match(stderr, /its mode has been changed/);
  const failure = await asked;
  assert.ok(failure instanceof ClientError, String(failure));
  assert.ok(failure.noServer || failure.code === 'NOT_PERMITTED', failure.message);
  assert.equal(queueAt(key), undefined);
  assert.equal(semaphoresAt(key), undefined);
}

export const modeTakenAway: Fault = {
  name: 'mode-0',
  title:
    'a server whose queue is forbidden to it says so and leaves nothing behind, and its clients are told',
  skip: skipWithoutOtherUsers,
  async run(t, { long }) {
    const times = long ? 50 : 2;
    for (let time = 0; time < times; time++) await forbid(t, freshKey(t));
    return `${times} times; the server ended with exit code 5, every client was told, 0 queues and semaphores left`;
  },
};
