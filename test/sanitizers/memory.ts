import { readdirSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MessageQueue } from '@timeq/mq-native';
import { Finding, type Check } from './check.js';

/** How often to measure memory in each of the two halves. */
const LOOKS = 5;

/** The variation of resident memory after garbage collection, in KiB. A leak of 40 bytes a call exceeds it. */
const SLACK = 16 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** An operation to repeat. */
interface Work {
  readonly name: string;
  /** Repetitions in the long form; a tenth of them in the short one. */
  readonly times: number;
  once(queue: MessageQueue): void | Promise<void>;
}

function residentKiB(): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

function threads(): number {
  return readdirSync('/proc/self/task').length;
}

function fails(call: () => unknown): void {
  try {
    call();
  } catch {
    return;
  }
  throw new Finding('a call that had to fail did not');
}

async function rejects(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch {
    return;
  }
  throw new Finding('a wait that had to be cancelled was not');
}

const body = Buffer.alloc(100, 'x');
const tooLong = Buffer.alloc(100_000);
const work: readonly Work[] = [
  {
    name: 'sends and receives',
    times: 1_000_000,
    async once(queue) {
      await queue.send(1, body);
      await queue.receive({ type: 1 });
    },
  },
  {
    name: 'opens and closes',
    times: 1_000_000,
    once({ id }) {
      MessageQueue.fromId(id).close();
    },
  },
  {
    name: 'failed calls',
    times: 1_000_000,
    once(queue) {
      fails(() => queue.trySend(1, tooLong));
    },
  },
  {
    name: 'aborted waits in threads',
    times: 1_000_000,
    async once(queue) {
      const controller = new AbortController();
      const waiting = queue.receive({ type: 2, signal: controller.signal });
      controller.abort();
      await rejects(waiting);
    },
  },
  {
    name: 'closed waits in threads, on handles of their own',
    times: 100_000,
    async once({ id }) {
      using own = MessageQueue.fromId(id);
      own.longestPoll = 0;
      const waits = [own.receive({ type: 2 }), own.receive({ type: 3 }), own.receive({ type: -4 })];
      own.close();
      await Promise.all(waits.map(rejects));
    },
  },
];

interface Look {
  readonly resident: number;
  readonly threads: number;
}

async function lookAfter(each: Work, queue: MessageQueue, times: number): Promise<Look> {
  let highest = { resident: 0, threads: 0 };
  for (let look = 0; look < LOOKS; look++) {
    for (let time = 0; time < times / LOOKS; time++) await each.once(queue);
    await new Promise(setImmediate);
    collectGarbage();
    highest = {
      resident: Math.max(highest.resident, residentKiB()),
      threads: Math.max(highest.threads, threads()),
    };
  }
  return highest;
}

/** The first half sets the limit that the second may not exceed. */
async function check(each: Work, long: boolean): Promise<string> {
  const times = long ? each.times : each.times / 10;
  const queue = MessageQueue.createPrivate();
  queue.longestPoll = 0;
  try {
    const first = await lookAfter(each, queue, times / 2);
    const second = await lookAfter(each, queue, times / 2);
    const figures = `${times} ${each.name}: ${first.resident} KiB and ${first.threads} threads, then ${second.resident} KiB and ${second.threads} threads`;
    console.log(`         ${figures}`);
    if (second.resident > first.resident + SLACK || second.threads > first.threads)
      throw new Finding(figures);
    return figures;
  } finally {
    queue.close();
    queue.remove();
  }
}

export const memory: Check = {
  name: 'memory',
  title: 'a million calls and waits leak neither memory nor threads',
  needs: [],
  async run(long) {
    for (const each of work) await check(each, long);
    return `${work.length} kinds of work`;
  },
};
