import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import { until } from '../helpers/deadline.js';
import { temporaryFolder } from '../helpers/folder.js';
import { startSnippet } from '../helpers/node.js';
import { run, start, type RunningProcess } from '../helpers/process.js';
import { untilBlocked } from '../helpers/threads.js';
import { trackQueue } from '../helpers/tracking.js';
import type { Fault } from './fault.js';
import type { Random } from './random.js';

const CONSUMERS = 8;
/** The milliseconds within which all of them are killed, one after another. */
const ROUND = 40;
/** The longest pause between two messages, in milliseconds: the consumers wait most of the time. */
const LONGEST_PAUSE = 0.5;
/** How many messages warm up new consumers before the first one is killed; so many of the last ones are timed. */
const WARM_UP = 50 * CONSUMERS;
const TIMED = 100;
/** The allowed difference in standard deviations; chance alone exceeds it once in 740 times. */
const DEVIATIONS = 3;
/** A difference counts if it remains after so many times as many kills: what chance made is gone by then. */
const REPETITIONS = 3;

/**
 * Receives a message and confirms it. Either the blocked thread does both, or it wakes up an event loop, which confirms,
 * as in a program that has other work. Before it confirms it can work for so many microseconds.
 */
const programInC = `
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/msg.h>
#include <time.h>
#include <unistd.h>
static struct { long type; char body[64]; } message;
static long bytes;
static int queue, results, filled, emptied, work;
static void receive(void) {
  bytes = msgrcv(queue, &message, sizeof message.body, 1, 0);
  if (bytes == -1) exit(1);
}
static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}
static void confirm(void) {
  for (int64_t end = now() + work; work > 0 && now() < end;);
  if (msgsnd(results, &message, bytes, 0) == -1) exit(1);
}
static void tell(int event) {
  uint64_t one = 1;
  if (write(event, &one, sizeof one) == -1) exit(1);
}
static void wait_for(int event) {
  uint64_t count;
  struct pollfd polled = {event, POLLIN, 0};
  if (poll(&polled, 1, -1) == -1 || read(event, &count, sizeof count) == -1) exit(1);
}
static void *run(void *nothing) {
  for (;;) {
    receive();
    tell(filled);
    wait_for(emptied);
  }
  return nothing;
}
int main(int count, char **words) {
  pthread_t thread;
  queue = atoi(words[1]);
  results = atoi(words[2]);
  if (count == 3)
    for (;;) {
      receive();
      confirm();
    }
  work = atoi(words[3]);
  filled = eventfd(0, 0);
  emptied = eventfd(0, 0);
  if (pthread_create(&thread, 0, run, 0) != 0) return 1;
  for (;;) {
    wait_for(filled);
    confirm();
    tell(emptied);
  }
}`;

const inTimeq = `
import { MessageQueue } from '@timeq/mq-native';
const [queue, results] = process.argv.slice(1, 3).map((id) => MessageQueue.fromId(Number(id)));
const type = 1;
if (process.argv[3] === 'sync') for (;;) results.sendSync(type, queue.receiveSync({ type }).body);
const handOver = process.argv[3] === 'handed over';
for (;;) results.sendSync(type, (await queue.receive({ type, handOver })).body);`;

type Begin = (queue: number, results: number) => RunningProcess;

/** One kind of consumer, and a count of the messages that were sent to it, confirmed and lost. */
class Crowd {
  readonly name: string;
  readonly #start: Begin;
  readonly #queue: MessageQueue;
  readonly #results: MessageQueue;
  readonly #seen = new Set<string>();
  /** Lost in earlier rounds. */
  #lostBefore = 0;
  sent = 0;
  /** How many of these were lost while consumers were killed. */
  underKills = 0;
  kills = 0;
  doubled = 0;
  /** The microseconds from the send of a message to its confirmation, of the timed ones. */
  readonly #times: number[] = [];

  constructor(t: TestContext, name: string, begin: Begin) {
    this.name = name;
    this.#start = begin;
    this.#queue = trackQueue(t, MessageQueue.createPrivate());
    this.#results = trackQueue(t, MessageQueue.createPrivate());
  }

  get lost(): number {
    return this.sent - this.#seen.size;
  }

  /** How long a message is in a consumer's hands, in microseconds: the median. */
  get time(): number {
    return Math.round(this.#times.toSorted((a, b) => a - b)[this.#times.length >> 1] ?? 0);
  }

  get figures(): string {
    return `${this.name}: ${this.lost} of ${this.underKills} (${this.time} µs each)`;
  }

  /** Sends to new consumers while they are killed, and counts the messages that they did not confirm. */
  async round(random: Random): Promise<void> {
    const consumers = Array.from({ length: CONSUMERS }, () => this.#start(this.#queue.id, this.#results.id));
    for (const { pid } of consumers) await untilBlocked('msgrcv', pid);
    for (const warm = this.sent + WARM_UP; this.sent < warm;) await this.#sendOne(random);
    await until(() => this.#isQuiet(), 'the results of new consumers');
    for (let timed = 0; timed < TIMED; timed++) await this.#timeOne();
    const before = this.sent;
    const over = new AbortController();
    const sending = (async () => {
      while (!over.signal.aborted) await this.#sendOne(random);
    })();
    for (const consumer of consumers) {
      await delay(random.below(ROUND / CONSUMERS) + 1);
      await consumer.end();
      this.kills += 1;
    }
    over.abort();
    await sending;
    this.underKills += this.sent - before;
    this.#collect(this.#results);
    this.#collect(this.#queue);
    this.#lostBefore = this.lost;
  }

  async #sendOne(random: Random): Promise<void> {
    const pause = performance.now() + (random.below(1000) / 1000) * LONGEST_PAUSE;
    while (performance.now() < pause) await new Promise(setImmediate);
    await this.#queue.send(1, String(this.sent++));
    this.#collect(this.#results);
  }

  async #timeOne(): Promise<void> {
    const begin = performance.now();
    await this.#queue.send(1, String(this.sent++));
    while (!this.#isQuiet()) {
      assert.ok(performance.now() < begin + 60_000, 'a message is not confirmed');
      await new Promise(setImmediate);
    }
    this.#times.push((performance.now() - begin) * 1000);
  }

  /** Whether every message of this round is confirmed. */
  #isQuiet(): boolean {
    this.#collect(this.#results);
    return this.lost === this.#lostBefore;
  }

  #collect(from: MessageQueue): void {
    for (const { body } of from.receiveBatch({ max: 100_000 })) {
      if (this.#seen.has(body.toString())) this.doubled += 1;
      this.#seen.add(body.toString());
    }
  }
}

/** How many more messages than the other crowd one may lose by chance, if a kill is equally likely to lose one in both. */
function chance(one: Crowd, other: Crowd): number {
  const share = (one.lost + other.lost) / (one.kills + other.kills);
  return DEVIATIONS * Math.sqrt((one.kills + other.kills) * share * (1 - share));
}

async function compileConsumer(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  const binary = join(folder, 'consumer');
  const compiler = process.env['CC'] ?? 'cc';
  const { code, stderr } = await run(t, compiler, ['-O2', '-pthread', '-xc', '-', '-o', binary], {
    input: programInC,
  });
  assert.equal(code, 0, stderr);
  return binary;
}

export const consumersKilled: Fault = {
  name: 'consumers-killed',
  title:
    'consumers that are killed while they wait lose one message at most, and no more than those in C that take as long for one',
  async run(t, { random, long }) {
    const binary = await compileConsumer(t);
    const timeq =
      (how: string): Begin =>
      (queue, results) =>
        startSnippet(t, inTimeq, [queue, results, how]);
    const compiled =
      (work?: () => number): Begin =>
      (queue, results) =>
        start(t, binary, [queue, results, ...(work === undefined ? [] : [work()])].map(String));
    const inC = new Crowd(t, 'C', compiled());
    const inSync = new Crowd(t, 'Timeq, receiveSync', timeq('sync'));
    const inLoop = new Crowd(
      t,
      'C with an event loop',
      compiled(() => 0),
    );
    const handedOver = new Crowd(t, 'Timeq, receive', timeq('handed over'));
    const asSlow = new Crowd(
      t,
      'C with an event loop that takes as long for a message',
      compiled(() => Math.max(0, handedOver.time - inLoop.time)),
    );
    const left = new Crowd(t, 'Timeq, receive with handOver: false', timeq('left'));
    const crowds = [inC, inSync, inLoop, handedOver, asSlow, left];
    const play = async (): Promise<void> => {
      for (let round = long ? 63 : 2; round > 0; round--)
        for (const crowd of crowds) await crowd.round(random);
    };
    const most = (): number => asSlow.lost + chance(asSlow, handedOver);
    // A consumer that waits holds no message, so a kill then loses none.
    const mostLeft = (): number => handedOver.lost + chance(left, handedOver);
    await play();
    for (let times = 1; times < REPETITIONS && (handedOver.lost > most() || left.lost > mostLeft()); times++)
      await play();
    for (const { name, lost, kills, doubled } of crowds) {
      assert.equal(doubled, 0, `${name}: a message came twice`);
      assert.ok(lost >= 0 && lost <= kills, `${name}: ${lost} messages lost by ${kills} kills`);
    }
    assert.ok(
      handedOver.lost <= most(),
      `${crowds.map(({ figures }) => figures).join('; ')} messages lost; chance allows an awaited receive ${most().toFixed(1)}`,
    );
    assert.ok(left.lost <= mostLeft(), 'handOver: false loses more than a turn does');
    return `${inC.kills} kills of each; messages lost by ${crowds.map(({ figures }) => figures).join('; by ')}`;
  },
};
