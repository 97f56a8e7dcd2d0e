import { keepAlarm } from '../../client/keep-alarm.js';
import { openAlarmPlace } from '../open-client.js';
import { readPeriod } from '../read-period.js';
import { ringAlarm } from '../ring-alarm.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output, [duration = '']) => {
  // One turn of a period: the server knows when that begins.
  const plan = { every: readPeriod(duration), count: 1 };
  await using place = await openAlarmPlace(settings, signal);
  return await ringAlarm(keepAlarm(place.where, plan, { ...settings, signal }), settings, output);
});
