import { wallClock } from '@timeq/mq-native';
import { ClientError } from '../client/client-error.js';
import type { TimeClient } from '../client/time-client.js';
import { clockOffset, moreExact, type ClockOffset } from './clock-offset.js';

export interface MeasureOptions {
  /** The number of requests to measure. */
  readonly count: number;
  /** How many of them are pending at once. */
  readonly concurrency: number;
  /** Aborting it ends the measurement early and returns the results so far. */
  readonly signal?: AbortSignal | undefined;
}

export interface Measurement {
  readonly concurrency: number;
  readonly answered: number;
  /** Requests without an answer, by their error's code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly elapsedNs: number;
  /** In nanoseconds, the shortest first. */
  readonly roundTrips: Float64Array;
  /** By the answer that was on its way for the shortest time; undefined if no answer tells the server's moments. */
  readonly clock: ClockOffset | undefined;
}

/** A warm-up: after it the code is compiled, and the queue's waits have found their pace. */
const WARM_UP_REQUESTS = 1000;

/**
 * Times requests for the time of day.
 *
 * @throws {ClientError} if the server goes away, or a request of the warm-up fails
 */
export async function measure(
  client: Pick<TimeClient, 'now'>,
  options: MeasureOptions,
): Promise<Measurement> {
  const { count, concurrency, signal } = options;
  const roundTrips = new Float64Array(count);
  const failures: Record<string, number> = {};
  let answered = 0;
  let clock: ClockOffset | undefined;

  await inParallel(Math.min(count, WARM_UP_REQUESTS), concurrency, async () => {
    await client.now({ signal });
  });
  const started = process.hrtime.bigint();
  try {
    await inParallel(count, concurrency, async () => {
      try {
        const asked = wallClock();
        const answer = await client.now({ signal });
        if (answer.dialect === 'addressed') {
          clock = moreExact(clock, clockOffset(asked, answer, wallClock()));
        }
        roundTrips[answered++] = Number(answer.roundTripNs);
      } catch (error) {
        if (!(error instanceof ClientError) || error.noServer) throw error;
        failures[error.code] = (failures[error.code] ?? 0) + 1;
      }
    });
  } catch (error) {
    if (signal?.aborted !== true || answered === 0) throw error;
  }
  const elapsedNs = Number(process.hrtime.bigint() - started);
  return {
    concurrency,
    answered,
    failures,
    elapsedNs,
    roundTrips: roundTrips.subarray(0, answered).toSorted(),
    clock,
  };
}

/** Runs a task `count` times, `concurrency` at a time, and ends at the first failure. */
async function inParallel(count: number, concurrency: number, task: () => Promise<void>): Promise<void> {
  let left = count;
  const work = async (): Promise<void> => {
    while (left-- > 0) {
      try {
        await task();
      } catch (error) {
        left = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}
