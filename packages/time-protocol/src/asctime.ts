/** A moment in some zone, by its parts, as C's `struct tm` has it but with the year in full. */
export interface BrokenDownTime {
  /** The year, such as 2026; any integer. */
  readonly year: number;
  /** 0 (January) to 11. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** 0 to 60: a leap second counts. */
  readonly second: number;
  /** 0 (Sunday) to 6. */
  readonly weekday: number;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The length of the text of a year from 1000 to 9999, in bytes. */
export const ASCTIME_BYTES = 24;

/**
 * What C's `asctime` writes, without the newline: `Fri Nov 20 09:09:00 2026`. English whatever the locale, the day padded
 * with a space, the year not padded at all, and `???` for a weekday or month that there is not (glibc's asctime.c).
 */
export function asctime(time: BrokenDownTime): string {
  const weekday = WEEKDAYS[time.weekday] ?? '???';
  const month = MONTHS[time.month] ?? '???';
  const day = String(time.day).padStart(3, ' ');
  return `${weekday} ${month}${day} ${two(time.hour)}:${two(time.minute)}:${two(time.second)} ${time.year}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

/** The parts of a date in the zone of this process. */
export function localParts(date: Date): BrokenDownTime {
  return {
    year: date.getFullYear(),
    month: date.getMonth(),
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
    weekday: date.getDay(),
  };
}

/** The parts of a date in UTC. */
export function utcParts(date: Date): BrokenDownTime {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  };
}
