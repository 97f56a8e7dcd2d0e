import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { keepAlarm, type AlarmEvent } from '../../client/keep-alarm.js';
import { openAlarmPlace, type AlarmPlace } from '../open-client.js';
import { readPeriod } from '../read-period.js';
import { ringAlarm, serverTime } from '../ring-alarm.js';
import type { Settings } from '../settings.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output, words) => {
  try {
    const plan = await readPlan(settings, words);
    await using place = await openAlarmPlace(settings, signal);
    return await ringAlarm(await plan(place, signal), settings, output);
  } catch (error) {
    if (signal.reason !== 'SIGINT') throw error;
  }
  return EXIT.done;
});

type Events = AsyncIterable<AlarmEvent>;

/** Reads what is wanted, before a server is asked. @throws UsageError */
async function readPlan(
  settings: Settings,
  [duration]: readonly string[],
): Promise<(place: AlarmPlace, signal: AbortSignal) => Events | Promise<Events>> {
  const { count, cron } = settings;
  if ((duration === undefined) === (cron === undefined)) {
    throw new UsageError("give either a time between two turns, such as 10s, or --cron '0 9 * * 1-5'");
  }
  if (cron === undefined) {
    const every = readPeriod(duration ?? '');
    return ({ where }, signal) => keepAlarm(where, { every, count }, { ...settings, signal });
  }
  const { cronAlarms, readCron } = await import('../cron.js');
  const next = readCron(cron, settings.zone);
  return async ({ where }, signal) => {
    const from = await serverTime(settings, signal);
    return cronAlarms(where, { next, from, count }, { ...settings, signal });
  };
}
