import { setTimeout as delay } from 'node:timers/promises';
import { startBridge, type Scene } from '../bridge/support.js';
import type { Random } from './random.js';

/** Once in so many kills of a bridge its NATS server is killed as well. */
const NATS_KILLED_EVERY = 10;

export interface KillOptions {
  /** The bridge is killed at most so many milliseconds after it began to move messages. */
  readonly latest: number;
  /** For how many milliseconds there is no bridge afterwards; 0 by default. */
  readonly away?: number;
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
  { latest, away = 0, withNats }: KillOptions & { readonly withNats: boolean },
): Promise<void> {
  const bridge = startBridge(here, verb);
  // Some are killed, or lose their NATS server, before they start moving messages.
  if (random.below(4) > 0) await bridge.waitFor('messages go');
  const back = withNats ? killNats(here, random) : undefined;
  await delay(random.below(latest));
  await bridge.end();
  await delay(away);
  await back;
}

/** Starts so many bridges, one after the other, and kills each. @returns how often NATS was killed as well */
export async function killBridges(
  here: Scene,
  verb: 'out' | 'in',
  kills: number,
  random: Random,
  options: KillOptions,
): Promise<number> {
  for (let kill = 1; kill <= kills; kill++) {
    await killOne(here, verb, random, { ...options, withNats: kill % NATS_KILLED_EVERY === 0 });
  }
  return Math.floor(kills / NATS_KILLED_EVERY);
}
