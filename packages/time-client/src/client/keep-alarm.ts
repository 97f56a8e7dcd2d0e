import { setTimeout as delay } from 'node:timers/promises';
import { AbortError, type Key } from '@timeq/mq-native';
import type { AlarmPlan } from '@timeq/time-protocol';
import type { AlarmTurn } from './alarm.js';
import { AlarmProgress } from './alarm-progress.js';
import { ClientError } from './client-error.js';
import type { ConnectOptions } from './connect-options.js';
import { TimeClient } from './time-client.js';

/** Milliseconds between two looks for a server: the kernel tells no process when one appears. */
const LOOK_AGAIN = 50;

/** How long a turn waits for one before it that may still come, in milliseconds: a server holds none for longer. */
const LONGEST_WAIT = 6000;

export interface KeepAlarmOptions extends ConnectOptions {
  /** Whether to wait for a server at first, too; false. */
  readonly patient?: boolean | undefined;
  /** Ends it with an AbortError, when the alarm is cancelled at the server. */
  readonly signal?: AbortSignal | undefined;
}

/** What sets an alarm. */
export type AlarmingClient = Pick<TimeClient, 'alarm' | 'cancelAlarms'> & Disposable;

export type AlarmEvent =
  /** A server has the alarm, and rings next at this moment: the first one, and each that follows it. */
  | { readonly kind: 'set'; readonly next: bigint }
  | { readonly kind: 'turn'; readonly turn: AlarmTurn }
  /** The server is gone. Reported once; the alarm is set again at the next one. */
  | { readonly kind: 'gone'; readonly error: ClientError };

/**
 * Keeps an alarm at whichever server is there, until its last turn. Each turn is reported once and in its order, whatever
 * happens to the servers: one that came while there was none is rung late by the next one, but of more than 100 turns only
 * the last 100; `skipped` counts those before it that are left out. Leaving the loop cancels the alarm.
 *
 * @param where the key of a queue, or what makes a client, for each server
 * @throws {ClientError} for any failure before the first server has it, and later for one that waiting can't mend
 */
export async function* keepAlarm(
  where: Key | (() => AlarmingClient),
  plan: AlarmPlan,
  options: KeepAlarmOptions = {},
): AsyncGenerator<AlarmEvent, void> {
  const { signal, patient = false } = options;
  const connect = typeof where === 'number' ? () => TimeClient.connect(where, options) : where;
  const progress = new AlarmProgress(plan);
  let isSet = patient;
  let gone = false;
  for (;;) {
    try {
      // Each server gets a client of its own: an alarm that a request sets too late rings at a type that is not read.
      using client = connect();
      const alarm = await setAt(client, progress.plan(), signal);
      progress.set(alarm.next);
      isSet = true;
      gone = false;
      yield { kind: 'set', next: alarm.next };
      for await (const turn of alarm) {
        for (const own of progress.take(turn)) yield { kind: 'turn', turn: own };
        if (progress.waiting > LONGEST_WAIT) break;
      }
      if (progress.isOver) return;
    } catch (error) {
      if (!isSet || !(error instanceof ClientError)) throw error;
      if (!(error.noServer || error.timedOut || error.code === 'ALARM_LOST')) throw error;
      if (!gone && error.code !== 'ALARM_LOST') {
        yield { kind: 'gone', error };
        gone = true;
      }
    }
    await delay(LOOK_AGAIN, undefined, { signal });
  }
}

async function setAt(client: AlarmingClient, plan: AlarmPlan, signal: AbortSignal | undefined) {
  try {
    return await client.alarm(plan, { signal });
  } catch (error) {
    // The server may have it all the same.
    if (error instanceof AbortError) await client.cancelAlarms();
    throw error;
  }
}
