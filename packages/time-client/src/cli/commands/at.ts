import { keepAlarm } from '../../client/keep-alarm.js';
import { localZone } from '../../format/zone.js';
import { openAlarmPlace } from '../open-client.js';
import { readWhen } from '../read-when.js';
import { ringAlarm, serverTime } from '../ring-alarm.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output, words) => {
  const when = readWhen(words);
  const at = when(await serverTime(settings, signal), settings.zone ?? localZone());
  await using place = await openAlarmPlace(settings, signal);
  return await ringAlarm(keepAlarm(place.where, { at }, { ...settings, signal }), settings, output);
});
