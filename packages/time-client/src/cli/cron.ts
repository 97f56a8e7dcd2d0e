import { Cron } from 'croner';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { toMilliseconds } from '@timeq/time-protocol';
import { keepAlarm, type AlarmEvent, type KeepAlarmOptions } from '../client/keep-alarm.js';
import type { Zone } from '../format/zone.js';
import type { AlarmPlace } from './open-client.js';

/** The moment that follows another one, in nanoseconds since the epoch; undefined if there is none. */
type NextMoment = (after: bigint) => bigint | undefined;

/** Reads a pattern of cron: five fields, or six with seconds in front. @throws UsageError */
export function readCron(pattern: string, zone: Zone | undefined): NextMoment {
  const timezone = zone === undefined || zone.name === 'local' ? undefined : zone.name;
  let cron: Cron;
  try {
    cron = new Cron(pattern, { paused: true, ...(timezone !== undefined && { timezone }) });
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^Cron\w+: /, '') : String(error);
    throw new UsageError(`--cron does not take '${pattern}': ${why}; write it as '0 9 * * 1-5'`);
  }
  const next: NextMoment = (after) => {
    const moment = cron.nextRun(new Date(toMilliseconds(after)));
    return moment === null ? undefined : BigInt(moment.getTime()) * 1_000_000n;
  };
  return next;
}

interface CronPlan {
  readonly next: NextMoment;
  /** The present moment by the server's clock. */
  readonly from: bigint;
  readonly count: number | undefined;
}

/** One alarm after the other, because a server counts in periods and knows no calendar. */
export async function* cronAlarms(
  where: AlarmPlace['where'],
  { next, from, count = Infinity }: CronPlan,
  options: KeepAlarmOptions,
): AsyncGenerator<AlarmEvent, void> {
  let turn = 0;
  let at = next(from);
  if (at === undefined) throw new UsageError('--cron has no moment in the future');
  while (at !== undefined && turn < count) {
    for await (const event of keepAlarm(where, { at }, { ...options, patient: turn > 0 })) {
      if (event.kind === 'turn') turn += 1;
      yield event.kind === 'turn' ? { ...event, turn: { ...event.turn, turn } } : event;
    }
    at = next(at);
  }
}
