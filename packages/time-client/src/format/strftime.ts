import strftime from 'strftime';
import { toSeconds } from '@timeq/time-protocol';
import { nanosecondDigits } from './iso.js';
import { isoWeek } from './iso-week.js';
import { zoneAbbreviation } from './zone-abbreviation.js';
import type { Zone } from './zone.js';
import { ZonedDate } from './zoned-date.js';

/** The C locale: the package's own American one differs from it in %c and %X. */
const inCLocale = strftime.localize({
  days: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  shortDays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  months: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
  shortMonths: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
  AM: 'AM',
  PM: 'PM',
  am: 'am',
  pm: 'pm',
  formats: {
    c: '%a %b %e %H:%M:%S %Y',
    D: '%m/%d/%y',
    F: '%Y-%m-%d',
    R: '%H:%M',
    r: '%I:%M:%S %p',
    T: '%H:%M:%S',
    v: '%e-%b-%Y',
    X: '%T',
    x: '%D',
  },
});

/** A moment by a strftime pattern, as `date +PATTERN` writes it in the C locale. The pattern has been checked. */
export function strftimeText(pattern: string, ns: bigint, zone: Zone): string {
  const seconds = Number(toSeconds(ns));
  const date = new ZonedDate(seconds * 1000, zone.offsetSeconds(seconds));
  return inCLocale(expandMissing(pattern, ns, zone, date), date);
}

/** Writes out what the package lacks, or knows only of the process's own zone. */
function expandMissing(pattern: string, ns: bigint, zone: Zone, date: ZonedDate): string {
  return pattern.replace(
    /%([-_0]?)([1-9]?)([A-Za-z%])/g,
    (conversion, flag: string, width: string, letter) => {
      switch (letter) {
        case 'N':
          return nanosecondDigits(ns).slice(0, width === '' ? 9 : Number(width));
        case 'Z':
          return zoneAbbreviation(zone, Number(toSeconds(ns)));
        case 'G':
          return pad(isoWeek(date).year, 4, flag);
        case 'g':
          return pad(isoWeek(date).year % 100, 2, flag);
        case 'V':
          return pad(isoWeek(date).week, 2, flag);
        case 'j':
          return pad(dayOfYear(date), 3, flag);
        case 'q':
          return String(Math.floor(date.getMonth() / 3) + 1);
        default:
          return conversion;
      }
    },
  );
}

function pad(value: number, width: number, flag: string): string {
  return flag === '-' ? String(value) : String(value).padStart(width, flag === '_' ? ' ' : '0');
}

function dayOfYear(date: Date): number {
  const year = date.getFullYear();
  return (Date.UTC(year, date.getMonth(), date.getDate()) - Date.UTC(year, 0, 0)) / 86_400_000;
}
