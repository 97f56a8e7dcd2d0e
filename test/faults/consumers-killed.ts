import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { atEnd } from '../helpers/cleanup.js';
import { startSnippet } from '../helpers/node.js';
import { run, start, type RunningProcess } from '../helpers/process.js';
import { untilBlocked } from '../helpers/threads.js';
import { trackQueue } from '../helpers/tracking.js';
import type { Fault } from './fault.js';
import type { Random } from './random.js';

const CONSUMERS = 8;
/** In which all of them are killed, one after another, in milliseconds. */
const ROUND = 40;
/** Between two messages at most, in milliseconds: for most of the time the consumers wait. */
const LONGEST_PAUSE = 0.5;
/** By chance alone two shares differ by more than so many standard deviations once in 740 times. */
const DEVIATIONS = 3;

/** What each of them does: receives, and says that it has. */
const programInC = `
#include <sys/msg.h>
#include <stdlib.h>
int main(int count, char **words) {
  struct { long type; char body[64]; } message;
  (void)count;
  for (;;) {
    long bytes = msgrcv(atoi(words[1]), &message, sizeof message.body, 1, 0);
    if (bytes == -1 || msgsnd(atoi(words[2]), &message, bytes, 0) == -1) return 1;
  }
}`;

const inTimeq = `
import { MessageQueue } from '@timeq/mq-native';
const [queue, results] = process.argv.slice(1, 3).map((id) => MessageQueue.fromId(Number(id)));
const handOver = process.argv[3] === 'handed over';
for (;;) results.sendSync(1, (await queue.receive({ type: 1, handOver })).body);`;

type Begin = (queue: number, results: number) => RunningProcess;

/** One kind of consumer, and what became of the messages that it was sent. */
class Crowd {
  readonly name: string;
  readonly #start: Begin;
  readonly #queue: MessageQueue;
  readonly #results: MessageQueue;
  readonly #seen = new Set<string>();
  sent = 0;
  kills = 0;
  doubled = 0;

  constructor(t: TestContext, name: string, begin: Begin) {
    this.name = name;
    this.#start = begin;
    this.#queue = trackQueue(t, MessageQueue.createPrivate());
    this.#results = trackQueue(t, MessageQueue.createPrivate());
  }

  get lost(): number {
    return this.sent - this.#seen.size;
  }

  get figures(): string {
    return `${this.name}: ${this.lost} of ${this.sent}`;
  }

  /** Sends to new consumers that are killed meanwhile, and looks for what they had not said. */
  async round(random: Random): Promise<void> {
    const consumers = Array.from({ length: CONSUMERS }, () => this.#start(this.#queue.id, this.#results.id));
    for (const { pid } of consumers) await untilBlocked('msgrcv', pid);
    const over = new AbortController();
    const sending = (async () => {
      while (!over.signal.aborted) {
        const until = performance.now() + (random.below(1000) / 1000) * LONGEST_PAUSE;
        while (performance.now() < until) await new Promise(setImmediate);
        await this.#queue.send(1, String(this.sent++));
        this.#collect(this.#results);
      }
    })();
    for (const consumer of consumers) {
      await delay(random.below(ROUND / CONSUMERS) + 1);
      await consumer.end();
      this.kills += 1;
    }
    over.abort();
    await sending;
    this.#collect(this.#results);
    this.#collect(this.#queue);
  }

  #collect(from: MessageQueue): void {
    for (const { body } of from.receiveBatch({ max: 100_000 })) {
      if (this.#seen.has(body.toString())) this.doubled += 1;
      this.#seen.add(body.toString());
    }
  }
}

/** How many more one crowd may lose than another by chance, if both lose the same share of their kills. */
function chance(one: Crowd, other: Crowd): number {
  const share = (one.lost + other.lost) / (one.kills + other.kills);
  return DEVIATIONS * Math.sqrt((one.kills + other.kills) * share * (1 - share));
}

async function compileConsumer(t: TestContext): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'timeq-consumer-'));
  atEnd(t, () => {
    rmSync(folder, { recursive: true });
  });
  const binary = join(folder, 'consumer');
  const compiler = process.env['CC'] ?? 'cc';
  const { code, stderr } = await run(t, compiler, ['-O2', '-xc', '-', '-o', binary], { input: programInC });
  assert.equal(code, 0, stderr);
  return binary;
}

export const consumersKilled: Fault = {
  name: 'consumers-killed',
  title:
    'consumers that are killed while they wait lose one message at most, and no more often than those in C',
  async run(t, { random, long }) {
    const binary = await compileConsumer(t);
    const timeq =
      (how: string): Begin =>
      (queue, results) =>
        startSnippet(t, inTimeq, [queue, results, how]);
    const inC = new Crowd(t, 'in C', (queue, results) => start(t, binary, [String(queue), String(results)]));
    const handedOver = new Crowd(t, 'in Timeq', timeq('handed over'));
    const left = new Crowd(t, 'in Timeq with handOver: false', timeq('left'));
    const crowds = [inC, handedOver, left];
    const rounds = long ? 63 : 2;
    for (let round = 0; round < rounds; round++) for (const crowd of crowds) await crowd.round(random);
    for (const { name, lost, kills, doubled } of crowds) {
      assert.equal(doubled, 0, `${name}: a message came twice`);
      assert.ok(lost >= 0 && lost <= kills, `${name}: ${lost} messages lost by ${kills} kills`);
    }
    const most = inC.lost + chance(inC, handedOver);
    assert.ok(
      handedOver.lost <= most,
      `${crowds.map(({ figures }) => figures).join(', ')} messages lost; chance allows Timeq ${most.toFixed(1)}`,
    );
    // It holds no message while it waits, so a kill then loses none.
    assert.ok(
      left.lost <= handedOver.lost + chance(left, handedOver),
      'handOver: false loses more than a turn does',
    );
    return `${inC.kills} kills of each; lost ${crowds.map(({ figures }) => figures).join(', ')} messages`;
  },
};
