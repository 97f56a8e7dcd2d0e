import { keepAlarm } from '../../client/keep-alarm.js';
import { readPeriod } from '../read-period.js';
import { ringAlarm } from '../ring-alarm.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output, [duration = '']) => {
  // One turn of a period: the server knows when that begins.
  const plan = { every: readPeriod(duration), count: 1 };
  return await ringAlarm(keepAlarm(settings.key, plan, { ...settings, signal }), settings, output);
});
