import { formatKey, wallClock, type Key } from '@timeq/mq-native';
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

/** What a time server reports of itself. Fields are undefined if it does not tell them. */
export interface ServerReport {
  /** Undefined if this user may not ask it, so that its semaphore alone counts. */
  readonly answered: boolean | undefined;
  /** Seconds until it answered. */
  readonly seconds?: number;
  /** Requests that it answered, by their kind. */
  readonly served?: Readonly<Record<string, number>> | undefined;
  /** Replies that reached no client, by the reason. */
  readonly lost?: Readonly<Record<string, number>> | undefined;
  /** Replies that wait for room in the queue. */
  readonly waiting?: number | undefined;
  /** Alarms of its clients. */
  readonly alarms?:
    | { readonly pending: number; readonly rung: number; readonly late: number; readonly dropped: number }
    | undefined;
  readonly pid?: number | undefined;
  readonly version?: string | undefined;
  /** Seconds that its clock is ahead of this machine's, wrong by half of `seconds` at most. */
  readonly ahead?: number | undefined;
  /** Its clock, if it says that it is not its machine's. */
  readonly clock?: string | undefined;
}

/** Asks a time server for its status. @param timeout milliseconds */
export async function askServer(key: Key, timeout: number): Promise<ServerReport> {
  try {
    // Never as a classic client: the queue may be that of another program, which follows the convention of the semaphore.
    using client = TimeClient.connect(key, { timeout, ask: 'addressed' });
    const answer = await client.status();
    const now = wallClock();
    const seconds = Number(answer.roundTripNs) / NANOSECONDS;
    if (answer.dialect === 'classic') return { answered: true, seconds };
    const { served, lost, waiting, alarms, pid, version } = answer.status;
    const ahead = Number(answer.sent + answer.roundTripNs / 2n - now) / NANOSECONDS;
    const clock = answer.clock?.name;
    return { answered: true, seconds, served, lost, waiting, alarms, pid, version, ahead, clock };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { answered: error.code === 'NOT_PERMITTED' ? undefined : false };
  }
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
