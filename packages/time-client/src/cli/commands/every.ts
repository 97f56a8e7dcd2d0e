import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { keepAlarm } from '../../client/keep-alarm.js';
import type { AlarmEvent } from '../../client/keep-alarm.js';
import { readPeriod } from '../read-period.js';
import { ringAlarm, serverTime } from '../ring-alarm.js';
import type { Settings } from '../settings.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output, words) => {
  try {
    return await ringAlarm(await eventsOf(settings, signal, words), settings, output);
  } catch (error) {
    if (signal.reason !== 'SIGINT') throw error;
  }
  return EXIT.done;
});

async function eventsOf(
  settings: Settings,
  signal: AbortSignal,
  [duration]: readonly string[],
): Promise<AsyncIterable<AlarmEvent>> {
  const { key, count, cron } = settings;
  const options = { ...settings, signal };
  if ((duration === undefined) === (cron === undefined)) {
    throw new UsageError("give either a time between two turns, such as 10s, or --cron '0 9 * * 1-5'");
  }
  if (cron === undefined) return keepAlarm(key, { every: readPeriod(duration ?? ''), count }, options);
  const { cronAlarms, readCron } = await import('../cron.js');
  const next = readCron(cron, settings.zone);
  return cronAlarms(key, { next, from: await serverTime(settings, signal), count }, options);
}
