import { localTime } from '@timeq/mq-native';
import { isPosixZone } from './posix-zone.js';

/** A time zone: its name and its offset from UTC at any moment. */
export interface Zone {
  /** As the user wrote it, or as this machine is set: `Europe/Berlin`, `UTC`. */
  readonly name: string;
  /** Seconds east of UTC at a moment given in seconds since the epoch. */
  offsetSeconds(epochSeconds: number): number;
}

/** The zone of this process: TZ, or the machine's, by the C library, which understands more forms of TZ than a Date. */
export function localZone(): Zone {
  return {
    // Intl costs milliseconds that most formats need not spend.
    get name() {
      return localName();
    },
    offsetSeconds: localOffset,
  };
}

/**
 * The zone of an IANA name, daylight saving time included; `local` is this process's own.
 *
 * @returns undefined if this Node.js does not know the name
 */
export function namedZone(name: string): Zone | undefined {
  if (name === 'local') return localZone();
  if (name === 'UTC') return { name, offsetSeconds: () => 0 };
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
  return { name, offsetSeconds: (epochSeconds) => offset(fields, epochSeconds) };
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
  const variable = process.env['TZ']?.replace(/^:?(?:\/usr\/share\/zoneinfo\/)?/, '');
  if (variable === '') return 'UTC';
  if (variable !== undefined && (isPosixZone(variable) || namedZone(variable) !== undefined)) return variable;
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
