import { localTime } from '@timeq/mq-native';
import { formatLocalTime, isTimeZone } from '@timeq/mq-native/libc';
import { zoneAbbreviation } from './zone-abbreviation.js';

/** A time zone: its name, and at any moment its offset from UTC and its short name. */
export interface Zone {
  /** As the user wrote it, or as this machine is set: `Europe/Berlin`, `UTC`. */
  readonly name: string;
  /** Seconds east of UTC at a moment given in seconds since the epoch. */
  offsetSeconds(epochSeconds: number): number;
  /** Such as `CET`, `CEST` or `+0545`. */
  abbreviation(epochSeconds: number): string;
}

/**
 * The zone of this process: TZ, or the machine's, by the C library, which understands more forms of TZ than a Date. What
 * it does not understand it takes for UTC.
 */
export function localZone(): Zone {
  return {
    // Intl costs milliseconds that most formats need not spend.
    get name() {
      return localName();
    },
    offsetSeconds: localOffset,
    abbreviation: (epochSeconds) => formatLocalTime(epochSeconds, '%Z'),
  };
}

/**
 * The zone of an IANA name, daylight saving time included; `local` is this process's own.
 *
 * @returns undefined if this Node.js does not know the name
 */
export function namedZone(name: string): Zone | undefined {
  if (name === 'local') return localZone();
  if (name === 'UTC') return { name, offsetSeconds: () => 0, abbreviation: () => name };
  let fields: Intl.DateTimeFormat;
  try {
    fields = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const offsetSeconds = (epochSeconds: number): number => offset(fields, epochSeconds);
  return {
    name,
    offsetSeconds,
    abbreviation: (epochSeconds) => zoneAbbreviation(name, offsetSeconds(epochSeconds), epochSeconds),
  };
}

/**
 * The second at which clocks of a zone show this one, both counted from 1970; the first one if they do so twice. A time that
 * they skip is read as if they had not jumped.
 */
export function secondShown(shown: number, zone: Pick<Zone, 'offsetSeconds'>): number {
  const before = zone.offsetSeconds(shown - 86_400);
  const after = zone.offsetSeconds(shown + 86_400);
  const second = [before, after]
    .map((east) => shown - east)
    .find((each) => each + zone.offsetSeconds(each) === shown);
  return second ?? shown - before;
}

function offset(fields: Intl.DateTimeFormat, epochSeconds: number): number {
  const part: Record<string, string> = {};
  for (const { type, value } of fields.formatToParts(epochSeconds * 1000)) part[type] = value;
  const year = part['era'] === 'BC' ? 1 - Number(part['year']) : Number(part['year']);
  const there = new Date(0);
  there.setUTCFullYear(year, Number(part['month']) - 1, Number(part['day']));
  there.setUTCHours(Number(part['hour']), Number(part['minute']), Number(part['second']));
  return there.getTime() / 1000 - epochSeconds;
}

function localOffset(epochSeconds: number): number {
  const { year, month, day, hour, minute, second } = localTime(epochSeconds);
  const there = new Date(0);
  there.setUTCFullYear(year, month, day);
  there.setUTCHours(hour, minute, second);
  return there.getTime() / 1000 - epochSeconds;
}

function localName(): string {
  const { TZ } = process.env;
  if (TZ === undefined) return new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const name = TZ.replace(/^:?(?:\/usr\/share\/zoneinfo\/)?/, '');
  return name === '' || !isTimeZone(TZ) ? 'UTC' : name;
}
