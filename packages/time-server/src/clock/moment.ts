import { NANOSECONDS_PER_SECOND } from '@timeq/time-protocol';

const ISO = /^(\d{4}-\d\d-(\d\d))(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;
const SECONDS = /^@(-?)(\d{1,10})(?:\.(\d{1,9}))?$/;
const NANOSECONDS_PER_MILLISECOND = 1_000_000n;

/**
 * Nanoseconds since the epoch from a date and time of ISO 8601, without a zone in that of the process, or from `@` and
 * seconds since the epoch. Undefined for other texts, and for days that no month has.
 */
export function readMoment(text: string): bigint | undefined {
  const [, sign, seconds, fraction] = SECONDS.exec(text) ?? [];
  if (seconds !== undefined) {
    const moment = BigInt(seconds) * NANOSECONDS_PER_SECOND + nanoseconds(fraction);
    return sign === '-' ? -moment : moment;
  }
  const [, date, day, time = '00:00', second = '00', part, zone = ''] = ISO.exec(text) ?? [];
  if (date === undefined) return undefined;
  const local = new Date(`${date}T${time}:${second}${isoZone(zone)}`);
  // JavaScript takes the 31st of a month of 30 days for the next month's first.
  const exists = new Date(`${date}T00:00Z`).getUTCDate() === Number(day);
  if (!exists || Number.isNaN(local.getTime())) return undefined;
  return BigInt(local.getTime()) * NANOSECONDS_PER_MILLISECOND + nanoseconds(part);
}

function nanoseconds(fraction = ''): bigint {
  return BigInt(fraction.padEnd(9, '0'));
}

/** `+01`, `+0100` and `+01:00` as the last of them. */
function isoZone(zone: string): string {
  const [, hours, minutes = '00'] = /^([+-]\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return hours === undefined ? zone : `${hours}:${minutes}`;
}
