import { jsonText } from '@timeq/cli-kit/text/escape';
import { toSeconds } from '@timeq/time-protocol';
import { serverText, type AnswerWriter } from './server-text.js';
import type { TimeAnswer } from '../../client/answers.js';
import { ClientError } from '../../client/client-error.js';
import { isoText } from '../../format/iso.js';
import { parseAsctime } from '../../format/parse-asctime.js';
import { momentWriter } from '../../format/writer.js';
import { localZone } from '../../format/zone.js';
import { placeOf } from '../place.js';
import type { Settings } from '../settings.js';

/** Writes the time of an answer. */
export async function formattedWriter({
  format = 'asctime',
  zone = localZone(),
}: Settings): Promise<AnswerWriter> {
  const write = await momentWriter(format, zone);
  return (answer) => write(momentOf(answer));
}

/** Writes everything about an answer as a JSON object. */
export async function jsonWriter(settings: Settings): Promise<AnswerWriter> {
  const { format, zone = localZone() } = settings;
  const { fields } = placeOf(settings);
  const write = format === undefined ? undefined : await momentWriter(format, zone);
  const { name } = zone;
  return (answer) => {
    const ns = momentOf(answer);
    const addressed = answer.dialect === 'addressed' ? answer : undefined;
    return jsonText({
      time: isoText(ns, zone),
      zone: name,
      unix: Number(toSeconds(ns)),
      unixNs: String(ns),
      precision: addressed === undefined ? 'second' : 'nanosecond',
      asctime: serverText(answer),
      ...(write === undefined ? {} : { text: write(ns) }),
      ...fields,
      dialect: answer.dialect,
      ...(addressed?.clock && { clock: addressed.clock.name }),
      ...(addressed?.sync && { sync: addressed.sync }),
      receivedNs: addressed === undefined ? null : String(addressed.received),
      sentNs: addressed === undefined ? null : String(addressed.sent),
      roundTripNs: Number(answer.roundTripNs),
    });
  };
}

function momentOf(answer: TimeAnswer): bigint {
  if (answer.dialect === 'addressed') return answer.time;
  const text = serverText(answer);
  const ns = parseAsctime(text);
  if (ns !== undefined) return ns;
  throw new ClientError(
    'NOT_A_TIME',
    `the server answered ${JSON.stringify(text.slice(0, 80))}, which is not asctime text; to print it as it ` +
      'is, omit --format, --zone and --json',
  );
}
