import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { MessageQueue } from '@timeq/mq-native';
import { buildRequest } from '@timeq/time-protocol';
import { queueAt } from '../helpers/kernel-table.js';
import { freshKey, freshType } from '../helpers/keys.js';
import type { Fault } from './fault.js';
import { listeningServer } from './servers.js';

/** How many requests are under way at once, half of them addressed. */
const AT_ONCE = 64;

/** How often to measure the server's memory. */
const LOOKS = 20;

/** How much a heap may grow between two garbage collections, in KiB. A leak of 8 bytes a request ends up above this. */
const SLACK = 48 * 1024;

function residentKiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

function threadsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).length;
}

function highest(numbers: readonly number[]): number {
  return Math.max(...numbers);
}

/** Sends this many requests with the most allowed under way, and returns the number of replies. */
async function ask(queue: MessageQueue, requests: number, replyTo: number): Promise<number> {
  const addressed = buildRequest({ id: 1, replyTo });
  let answers = 0;
  const one = async (type: number, body: Uint8Array | string, count: number): Promise<void> => {
    for (let asked = 0; asked < count; asked++) {
      await queue.send(1, body);
      await queue.receive({ type });
      answers += 1;
    }
  };
  await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) =>
      index % 2 === 0 ? one(3, '', requests / AT_ONCE) : one(replyTo, addressed, requests / AT_ONCE),
    ),
  );
  return answers;
}

export const soak: Fault = {
  name: 'soak',
  title: 'a million requests leak neither memory nor threads',
  async run(t, { long }) {
    const each = (long ? 10_000_000 : 256_000) / LOOKS;
    const key = freshKey(t);
    const server = await listeningServer(t, key);
    using queue = MessageQueue.open(key);
    const replyTo = freshType();
    const looks: { resident: number; threads: number }[] = [];
    let answers = 0;
    const start = performance.now();
    for (let look = 0; look < LOOKS; look++) {
      answers += await ask(queue, Math.ceil(each / AT_ONCE) * AT_ONCE, replyTo);
      looks.push({ resident: residentKiB(server.pid), threads: threadsOf(server.pid) });
    }
    const seconds = (performance.now() - start) / 1000;
    const half = looks.slice(0, LOOKS / 2);
    const rest = looks.slice(LOOKS / 2);
    const before = highest(half.map(({ resident }) => resident));
    const after = highest(rest.map(({ resident }) => resident));
    assert.ok(after <= before + SLACK, `resident memory went from ${before} KiB to ${after} KiB`);
    assert.ok(
      highest(rest.map(({ threads }) => threads)) <= highest(half.map(({ threads }) => threads)),
      'there are more threads than before',
    );
    assert.equal(queueAt(key)?.['qnum'], 0);
    assert.equal((await server.killed('SIGTERM')).code, 0);
    return (
      `${answers} requests in ${seconds.toFixed(0)} s, 0 unanswered; resident memory of the server at most ${before} KiB in the ` +
      `first half and ${after} KiB in the second, ${rest.at(-1)?.threads} threads throughout`
    );
  },
};
