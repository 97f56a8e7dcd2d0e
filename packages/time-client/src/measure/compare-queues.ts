import { hostname } from 'node:os';
import { formatKey, wallClock, type Key } from '@timeq/mq-native';
import { ClientError } from '../client/client-error.js';
import { TimeClient } from '../client/time-client.js';
import { clockOffset, moreExact, type ClockOffset } from './clock-offset.js';
import type { ServerClock } from './server-clock.js';

export interface CompareQueuesOptions {
  /** How often each server is asked; 100. The answer that took the shortest counts. */
  readonly rounds?: number | undefined;
  /** Milliseconds that each answer is waited for; 5000. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Compares the clocks of the servers at these keys with that of this machine. */
export async function compareQueues(
  keys: readonly Key[],
  options: CompareQueuesOptions = {},
): Promise<ServerClock[]> {
  const servers: ServerClock[] = [];
  for (const key of keys) servers.push(await compareQueue(key, options));
  return servers;
}

async function compareQueue(
  key: Key,
  { rounds = 100, timeout, signal }: CompareQueuesOptions,
): Promise<ServerClock> {
  const id = formatKey(key);
  try {
    using client = TimeClient.connect(key, { timeout });
    const answer = await client.status({ signal });
    if (answer.dialect === 'classic') return { ...NOTHING, id, missing: 'classic' };
    const { pid, version } = answer.status;
    const server = { id, host: hostname(), pid, version };
    let clock: ClockOffset | undefined;
    for (let round = 1; round <= rounds; round++) {
      const asked = wallClock();
      const time = await client.now({ signal });
      const answered = wallClock();
      if (time.dialect === 'addressed') clock = moreExact(clock, clockOffset(asked, time, answered));
    }
    return { ...server, clock, ...(clock === undefined && { missing: 'other-pace' }) };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { ...NOTHING, id, missing: 'no-answer', error };
  }
}

const NOTHING = { host: undefined, pid: undefined, version: undefined, clock: undefined };
