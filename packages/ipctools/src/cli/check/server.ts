import { formatKey, type Key } from '@timeq/mq-native';
import { ClientError, TimeClient } from '@timeq/time-client';
import type { State } from './states.js';

/** Nanoseconds in a second. */
const NANOSECONDS = 1e9;

/** The result of a time server's check. */
export interface ServerState {
  readonly state: State;
  readonly text: string;
  /** Seconds until it answered. */
  readonly seconds?: number;
}

/** Asks the time server at a key for the time, as any client does. @param timeout milliseconds */
export async function serverState(key: Key, timeout: number): Promise<ServerState> {
  try {
    using client = TimeClient.connect(key, { timeout });
    const { roundTripNs } = await client.now();
    const seconds = Number(roundTripNs) / NANOSECONDS;
    return { state: 'OK', text: `the time server at key ${formatKey(key)} answers`, seconds };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { state: error.code === 'NOT_PERMITTED' ? 'UNKNOWN' : 'CRITICAL', text: error.message };
  }
}
