import { jsonText } from '@timeq/cli-kit/text/escape';
import type { AlarmTurn } from '../../client/alarm.js';
import { isoText } from '../../format/iso.js';
import { momentWriter } from '../../format/writer.js';
import { localZone } from '../../format/zone.js';
import { remarkOnZone } from '../notes.js';
import { placeOf } from '../place.js';
import type { Settings } from '../settings.js';

/** The writer of an alarm's turns, for `--format`, `--zone` and `--json`. */
export async function turnWriter(settings: Settings): Promise<(turn: AlarmTurn) => string> {
  if (settings.zone === undefined) await remarkOnZone();
  const { format = 'asctime', zone = localZone(), json } = settings;
  const write = await momentWriter(format, zone);
  if (!json) return ({ at }) => write(at);
  const { fields } = placeOf(settings);
  const { name } = zone;
  return ({ turn, at, sent, skipped, clock }) =>
    jsonText({
      at: isoText(at, zone),
      zone: name,
      atNs: String(at),
      ...(settings.format === undefined ? {} : { text: write(at) }),
      turn,
      skipped,
      sentNs: String(sent),
      lateNs: Number(sent - at),
      ...fields,
      ...(clock && { clock: clock.name }),
    });
}
