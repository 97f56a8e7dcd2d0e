import type { ZoneOffset } from './zone-file.js';

/** A day of a year and the second of that day (which may be negative or beyond 24 hours), in the local time until then. */
interface Change {
  readonly day: (year: number) => number;
  readonly seconds: number;
}

/** A zone as the TZ variable writes it out (POSIX.1, XBD 8.3): `CET-1CEST,M3.5.0,M10.5.0/3`. */
export interface ZoneRule {
  readonly standard: ZoneOffset;
  readonly summer: { readonly offset: ZoneOffset; readonly start: Change; readonly end: Change } | undefined;
}

const NAME = '([A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)';
const TIME = '([+-]?\\d{1,3}(?::\\d{1,2}(?::\\d{1,2})?)?)';
const RULE = new RegExp(`^${NAME}${TIME}(?:${NAME}${TIME}?(?:,([^,]+),([^,]+))?)?$`);
const CHANGE = new RegExp(`^(?:M(\\d{1,2})\\.(\\d)\\.(\\d)|J(\\d{1,3})|(\\d{1,3}))(?:/${TIME})?$`);

/** The rule of the United States, which glibc takes where a summer time is named without its dates. */
const DEFAULT_CHANGES = ['M3.2.0', 'M11.1.0'] as const;

const DAY_SECONDS = 86_400;

export function parseZoneRule(text: string): ZoneRule | undefined {
  const match = RULE.exec(text);
  if (match === null) return undefined;
  const [, name = '', offset = '', summerName, summerOffset, startText, endText] = match;
  // The variable counts hours west of Greenwich.
  const standard = { seconds: -readTime(offset), abbreviation: bare(name) };
  if (summerName === undefined) return { standard, summer: undefined };
  const start = readChange(startText ?? DEFAULT_CHANGES[0]);
  const end = readChange(endText ?? DEFAULT_CHANGES[1]);
  if (start === undefined || end === undefined) return undefined;
  const seconds = summerOffset === undefined ? standard.seconds + 3600 : -readTime(summerOffset);
  return { standard, summer: { offset: { seconds, abbreviation: bare(summerName) }, start, end } };
}

/** The offset that the rule gives for a time in seconds since the epoch. */
export function ruleOffset(rule: ZoneRule, time: number): ZoneOffset {
  const { standard, summer } = rule;
  if (summer === undefined) return standard;
  const year = new Date((time + standard.seconds) * 1000).getUTCFullYear();
  const start = changeTime(summer.start, year, standard.seconds);
  const end = changeTime(summer.end, year, summer.offset.seconds);
  const isSummer = start < end ? time >= start && time < end : time >= start || time < end;
  return isSummer ? summer.offset : standard;
}

function changeTime(change: Change, year: number, offsetSeconds: number): number {
  return Date.UTC(year, 0, 1) / 1000 + change.day(year) * DAY_SECONDS + change.seconds - offsetSeconds;
}

function bare(name: string): string {
  return name.replace(/[<>]/g, '');
}

function readTime(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  const total = hours * 3600 + minutes * 60 + seconds;
  return text.startsWith('-') ? -total : total;
}

function readChange(text: string): Change | undefined {
  const match = CHANGE.exec(text);
  if (match === null) return undefined;
  const [, month, week, weekday, julian, zeroBased, time] = match;
  const seconds = readTime(time ?? '2');
  if (month !== undefined) {
    return { seconds, day: (year) => weekdayOfMonth(year, Number(month), Number(week), Number(weekday)) };
  }
  // Jn never counts 29 February: from March on a leap year is one day ahead.
  if (julian !== undefined) {
    const n = Number(julian);
    return { seconds, day: (year) => n - 1 + (n >= 60 && isLeap(year) ? 1 : 0) };
  }
  return { seconds, day: () => Number(zeroBased) };
}

/** Day of the year (from 0) of the given week's weekday; week 5 is the last one. */
function weekdayOfMonth(year: number, month: number, week: number, weekday: number): number {
  const firstOfMonth = Date.UTC(year, month - 1, 1);
  const firstWeekday = new Date(firstOfMonth).getUTCDay();
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  let day = ((weekday - firstWeekday + 7) % 7) + (week - 1) * 7;
  while (day >= daysInMonth) day -= 7;
  return (firstOfMonth - Date.UTC(year, 0, 1)) / (DAY_SECONDS * 1000) + day;
}

function isLeap(year: number): boolean {
  return new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
}
