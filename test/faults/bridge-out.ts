import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import {
  bodyOf,
  FAULTLESS,
  outcomeOf,
  runningBridge,
  scene,
  skipWithoutBridge,
  startBridge,
  stopBridge,
  storedMessages,
  type Scene,
} from '../bridge/support.js';
import { until } from '../helpers/deadline.js';
import { natsReleases, type NatsRelease } from '../helpers/nats.js';
import type { Fault } from './fault.js';
import type { Random } from './random.js';

/** A bridge is killed at most this many milliseconds after it began to move messages. */
const LATEST = 80;
const NATS_KILLED_EVERY = 10;
/** The stream's duplicate window in nanoseconds: shorter than the time that the bridge is away. */
const WINDOW = 1_000_000_000;

/** Sends numbered messages until told to stop. */
class Sender {
  count = 0;
  readonly #largest = MessageQueue.limits().maxMessageBytes;
  readonly #ended = new AbortController();
  readonly #running: Promise<void>;

  constructor(queue: MessageQueue) {
    this.#running = this.#send(queue);
  }

  async #send(queue: MessageQueue): Promise<void> {
    while (!this.#ended.signal.aborted) {
      const number = this.count + 1;
      try {
        await queue.send(number, bodyOf(number, this.#largest), { signal: this.#ended.signal });
      } catch (error) {
        if (this.#ended.signal.aborted) return;
        throw error;
      }
      this.count = number;
    }
  }

  async end(): Promise<number> {
    this.#ended.abort();
    await this.#running;
    return this.count;
  }
}

async function liveAndDie(here: Scene, random: Random, awayMilliseconds: number): Promise<void> {
  const bridge = startBridge(here, 'out');
  // Some are killed before they start moving messages.
  if (random.below(4) > 0) await bridge.waitFor('messages go');
  await delay(random.below(LATEST));
  await bridge.end();
  await delay(awayMilliseconds);
}

async function killNats({ server }: Scene, random: Random): Promise<void> {
  await server.end('SIGKILL');
  await delay(random.below(200));
  await server.start();
}

interface Figures {
  readonly count: number;
  readonly natsKills: number;
}

async function killBridges(
  t: TestContext,
  release: NatsRelease | undefined,
  kills: number,
  random: Random,
  awayMilliseconds = 0,
): Promise<Figures> {
  const here = await scene(t, { release, stream: { duplicate_window: WINDOW } });
  const sender = new Sender(here.queue);
  let natsKills = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const dying = liveAndDie(here, random, awayMilliseconds);
    if (kill % NATS_KILLED_EVERY === 0) {
      natsKills += 1;
      await killNats(here, random);
    }
    await dying;
  }
  const count = await sender.end();
  const last = await runningBridge(here, 'out');
  await until(() => here.queue.stat().messages === 0, 'the queue to be empty');
  await stopBridge(last);
  assert.deepEqual(outcomeOf(count, await storedMessages(here)), FAULTLESS);
  await here.server.end();
  return { count, natsKills };
}

export const bridgeOut: Fault = {
  name: 'bridge-out',
  title: 'a killed bridge out of a queue loses, duplicates, changes and reorders no message',
  skip: skipWithoutBridge,
  async run(t, { random, long }) {
    const figures: string[] = [];
    for (const release of natsReleases) {
      const kills = long ? Math.ceil(2500 / natsReleases.length) : 20;
      const { count, natsKills } = await killBridges(t, release, kills, random);
      figures.push(
        `nats-server ${release.version}: ${count} messages, ${kills} kills of the bridge, ${natsKills} of NATS`,
      );
    }
    return `${figures.join('; ')}; 0 lost, 0 doubled, 0 wrong, 0 out of order`;
  },
};

export const bridgeOutAway: Fault = {
  name: 'bridge-out-away',
  title: 'a bridge that was away longer than the duplicate window of its stream duplicates no message',
  skip: skipWithoutBridge,
  async run(t, { random, long }) {
    const kills = long ? 40 : 3;
    const { count } = await killBridges(t, natsReleases[0], kills, random, 2500);
    return `${count} messages, ${kills} kills with a window of 1 s and 2.5 s away after each; 0 lost, 0 doubled, 0 wrong, 0 out of order`;
  },
};
