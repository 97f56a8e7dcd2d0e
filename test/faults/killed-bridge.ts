import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { startBridge, type Scene } from '../bridge/support.js';
import { until } from '../helpers/deadline.js';
import type { Exit } from '../helpers/process.js';
import type { Random } from './random.js';

/** Once in so many kills of a bridge its NATS server is killed as well. */
const NATS_KILLED_EVERY = 10;

/** A line tells of each so many kills. */
const TOLD_EVERY = 50;

/** A bridge is killed at most this many milliseconds after it moved its first message. */
const LATEST = 15;

/** Chance decides where a kill strikes: so many times the kills that were asked for are enough for any test. */
const MOST = 10;

interface KillOptions {
  /** For how many milliseconds to kill at most. */
  readonly longest: number;
  /** Changes when a bridge has moved a message, of which there must always be one. */
  readonly progress: () => number;
  /** Prepares each kill, while NATS is there. */
  readonly prepare?: () => Promise<void>;
  /** For how many milliseconds there is no bridge afterwards; 0 by default. */
  readonly away?: number;
  /** More of its command line. */
  readonly words?: readonly string[];
  /** Is called with the end of each killed bridge. */
  readonly ended?: (exit: Exit) => void;
  /** Whether a kill has struck where it can do harm. Until one has, more are killed, up to {@link MOST} times as many. */
  readonly struck: () => boolean | Promise<boolean>;
}

/** How often bridges and NATS servers were killed. */
export interface Kills {
  readonly bridges: number;
  readonly nats: number;
}

async function killNats({ server }: Scene, random: Random): Promise<void> {
  await server.end('SIGKILL');
  await delay(random.below(200));
  await server.start();
}

async function killOne(
  here: Scene,
  verb: 'out' | 'in',
  random: Random,
  {
    progress,
    prepare,
    away = 0,
    words = [],
    ended,
    withNats,
  }: Omit<KillOptions, 'struck' | 'longest'> & { readonly withNats: boolean },
): Promise<void> {
  await prepare?.();
  const before = progress();
  const bridge = startBridge(here, verb, words);
  // Some are killed, or lose their NATS server, before they start moving messages.
  if (random.below(4) > 0) {
    await bridge.waitFor('messages go');
    await until(() => progress() !== before, 'the first message');
  }
  const back = withNats ? killNats(here, random) : undefined;
  await delay(random.below(LATEST));
  bridge.kill('SIGKILL');
  // All that it has said is read by then.
  const exit = await bridge.exit();
  ended?.(exit);
  await delay(away);
  await back;
}

/** Starts so many bridges, one after the other, and kills each. */
export async function killBridges(
  here: Scene,
  verb: 'out' | 'in',
  kills: number,
  random: Random,
  options: KillOptions,
): Promise<Kills> {
  const start = performance.now();
  let bridges = 0;
  const isEnough = (): boolean => bridges >= kills || performance.now() - start >= options.longest;
  while (!isEnough() || !(await options.struck())) {
    assert.ok(bridges < MOST * kills, `none of ${bridges} kills struck a message under way`);
    bridges += 1;
    await killOne(here, verb, random, { ...options, withNats: bridges % NATS_KILLED_EVERY === 0 });
    if (bridges % TOLD_EVERY === 0) {
      const seconds = Math.round((performance.now() - start) / 1000);
      console.log(`bridge ${verb}: ${bridges} of ${kills} kills after ${seconds} s`);
    }
  }
  return { bridges, nats: Math.floor(bridges / NATS_KILLED_EVERY) };
}
