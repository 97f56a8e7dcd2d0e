import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { NANOSECONDS_PER_SECOND, parseNanoseconds, toSeconds } from '@timeq/time-protocol';
import { secondShown, type Zone } from '../format/zone.js';

type Offsets = Pick<Zone, 'offsetSeconds'>;

const SECONDS = /^@(\d{1,10})(?:\.(\d{1,9}))?$/;
const DATE = /^(today|tomorrow|\d{4}-\d\d-\d\d)(?:[T ]|$)/;
const TIME = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)? ?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const DAY = 86_400;

/** A moment, once the present one is known, in nanoseconds since the epoch. */
export type When = (now: bigint, zone: Zone) => bigint;

/**
 * Reads `12:00`, the next one, `tomorrow 9:30`, ISO 8601, or `@` and seconds since the epoch. Without an offset it is in
 * the zone that is given later.
 * @throws UsageError
 */
export function readWhen(words: readonly string[]): When {
  const text = words.join(' ').trim();
  const [, epoch, part] = SECONDS.exec(text) ?? [];
  if (epoch !== undefined) return () => BigInt(epoch) * NANOSECONDS_PER_SECOND + nanoseconds(part);
  const [head = '', day] = DATE.exec(text) ?? [];
  const rest = text.slice(head.length);
  const [, hour = '0', minute = '0', second = '0', fraction, offset] = TIME.exec(rest) ?? [];
  const isTime = TIME.test(rest) || (rest === '' && day !== undefined);
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  if (!isTime || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || !exists(day)) {
    throw new UsageError(
      `'${text}' is not a time; write it as 12:00, 'tomorrow 9:30', 2026-12-31T23:59:50Z or @1795165740`,
    );
  }
  return (now, ofUser) => {
    const zone = offset === undefined ? ofUser : fixedZone(offset);
    const midnight = startOf(day, now, zone);
    const moment = (from: number): bigint =>
      BigInt(secondShown(from + seconds, zone)) * NANOSECONDS_PER_SECOND + nanoseconds(fraction);
    const first = moment(midnight);
    return inRange(day === undefined && first <= now ? moment(midnight + DAY) : first, text);
  };
}

/** The protocol has 19 digits for a moment. @throws UsageError */
function inRange(moment: bigint, text: string): bigint {
  if (parseNanoseconds(String(moment)) !== undefined) return moment;
  throw new UsageError(`'${text}' is out of range; an alarm rings from 1654 to 2285`);
}

/** The midnight of a day as clocks of the zone show it, in seconds from 1970. */
function startOf(day: string | undefined, now: bigint, zone: Offsets): number {
  if (day !== undefined && day !== 'today' && day !== 'tomorrow') return Date.parse(`${day}T00:00Z`) / 1000;
  const second = Number(toSeconds(now));
  const today = Math.floor((second + zone.offsetSeconds(second)) / DAY) * DAY;
  return day === 'tomorrow' ? today + DAY : today;
}

/** Date takes the 31st of a month of 30 days for the next month's first. */
function exists(day: string | undefined): boolean {
  if (day === undefined || !/^\d/.test(day)) return true;
  return new Date(`${day}T00:00Z`).getUTCDate() === Number(day.slice(8));
}

function fixedZone(offset: string): Offsets {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return { offsetSeconds: () => (sign === '-' ? -seconds : seconds) };
}

function nanoseconds(fraction = ''): bigint {
  return BigInt(fraction.padEnd(9, '0'));
}
