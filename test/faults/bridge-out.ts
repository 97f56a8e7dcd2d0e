import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { MessageQueue } from '@timeq/mq-native';
import {
  bodyOf,
  FAULTLESS,
  outcomeOf,
  runningBridge,
  scene,
  skipWithoutBridge,
  stopBridge,
  storedMessages,
} from '../bridge/support.js';
import { statusOf } from '../bridge/verbs.js';
import { until } from '../helpers/deadline.js';
import { natsReleases, type NatsRelease } from '../helpers/nats.js';
import type { Fault, HowMuch } from './fault.js';
import { killBridges, type Kills } from './killed-bridge.js';

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

interface Figures {
  readonly count: number;
  readonly killed: Kills;
  /** Messages in slots that a look-up found in the stream, or that were published again. */
  readonly found: number;
  readonly again: number;
}

async function sendMeanwhile(
  t: TestContext,
  release: NatsRelease | undefined,
  kills: number,
  { random, longest }: Pick<HowMuch, 'random' | 'longest'>,
  away = 0,
): Promise<Figures> {
  const here = await scene(t, { release, stream: { duplicate_window: WINDOW } });
  const sender = new Sender(here.queue);
  const inSlots = async (): Promise<{ found: number; again: number }> => {
    const { found = 0, again = 0 } = (await statusOf(here))[0]?.counts ?? {};
    return { found, again };
  };
  const killed = await killBridges(here, 'out', kills, random, {
    // The kernel's word for who received last.
    progress: () => here.queue.stat().lastReceivePid,
    away,
    longest,
    struck: async () => {
      const { found, again } = await inSlots();
      return found + again > 0;
    },
  });
  const count = await sender.end();
  const last = await runningBridge(here, 'out');
  await until(() => here.queue.stat().messages === 0, 'the queue to be empty');
  await stopBridge(last);
  assert.deepEqual(outcomeOf(count, await storedMessages(here)), FAULTLESS);
  const counts = await inSlots();
  await here.server.end();
  return { count, killed, ...counts };
}

export const bridgeOut: Fault = {
  name: 'bridge-out',
  title: 'a killed bridge out of a queue loses, duplicates, changes and reorders no message',
  skip: skipWithoutBridge,
  async run(t, { random, long, longest }) {
    const figures: string[] = [];
    for (const release of natsReleases) {
      const kills = long ? Math.ceil(2500 / natsReleases.length) : 20;
      const { count, killed, found, again } = await sendMeanwhile(t, release, kills, { random, longest });
      figures.push(
        `nats-server ${release.version}: ${count} messages, ${killed.bridges} kills of the bridge, ${killed.nats} of NATS; of what was in slots, ${found} were in the stream and ${again} were published again`,
      );
    }
    return `${figures.join('; ')}; 0 lost, 0 doubled, 0 wrong, 0 out of order`;
  },
};

export const bridgeOutAway: Fault = {
  name: 'bridge-out-away',
  title: 'a bridge that was away longer than the duplicate window of its stream duplicates no message',
  skip: skipWithoutBridge,
  async run(t, { random, long, longest }) {
    const kills = long ? 40 : 3;
    const { count, killed } = await sendMeanwhile(t, natsReleases[0], kills, { random, longest }, 2500);
    return `${count} messages, ${killed.bridges} kills with a window of 1 s and 2.5 s away after each; 0 lost, 0 doubled, 0 wrong, 0 out of order`;
  },
};
