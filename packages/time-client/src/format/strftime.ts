import { asctime, toSeconds } from '@timeq/time-protocol';
import { nanosecondDigits } from './iso.js';
import { isoWeek } from './iso-week.js';
import { offsetText } from './offset-text.js';
import { zoneAbbreviation } from './zone-abbreviation.js';
import type { Zone } from './zone.js';

/** A moment, split into parts in a zone. */
interface Moment {
  readonly ns: bigint;
  /** Since the epoch. */
  readonly seconds: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly zone: Zone;
  /** Its UTC fields are those of the zone. */
  readonly there: Date;
}

/** The output of a conversion: a number, padded to a width; a word; or text that takes no flags and no width. */
type Conversion =
  | { readonly number: (moment: Moment) => number; readonly width: number; readonly fill?: ' ' }
  | { readonly word: (moment: Moment) => string; readonly swapped?: 'lower' }
  | { readonly fixed: (moment: Moment) => string };

const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

const day = (moment: Moment): string => DAYS[moment.there.getUTCDay()] ?? '';
const month = (moment: Moment): string => MONTHS[moment.there.getUTCMonth()] ?? '';
const year = ({ there }: Moment): number => there.getUTCFullYear();
const hour = ({ there }: Moment): number => there.getUTCHours();
const half = (moment: Moment): string => (hour(moment) < 12 ? 'AM' : 'PM');
const dayOfYear = (moment: Moment): number =>
  Math.floor((moment.there.getTime() - Date.UTC(year(moment), 0, 1)) / 86_400_000);
/** The week whose first day is `first` (0: Sunday); the days before the first such day are in week 0. */
const week = (moment: Moment, first: number): number =>
  Math.floor((dayOfYear(moment) + 7 - ((moment.there.getUTCDay() + 7 - first) % 7)) / 7);

/** Every conversion of date(1), as it is in the C locale. */
const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  '%': { fixed: () => '%' },
  n: { fixed: () => '\n' },
  t: { fixed: () => '\t' },
  a: { word: (moment) => day(moment).slice(0, 3) },
  A: { word: day },
  b: { word: (moment) => month(moment).slice(0, 3) },
  B: { word: month },
  c: { fixed: ({ there }) => asctime(there) },
  C: { number: (moment) => Math.floor(year(moment) / 100), width: 2 },
  d: { number: ({ there }) => there.getUTCDate(), width: 2 },
  D: { fixed: (moment) => write('%m/%d/%y', moment) },
  e: { number: ({ there }) => there.getUTCDate(), width: 2, fill: ' ' },
  F: { fixed: (moment) => write('%Y-%m-%d', moment) },
  g: { number: ({ there }) => isoWeek(there).year % 100, width: 2 },
  G: { number: ({ there }) => isoWeek(there).year, width: 4 },
  h: { word: (moment) => month(moment).slice(0, 3) },
  H: { number: hour, width: 2 },
  I: { number: (moment) => hour(moment) % 12 || 12, width: 2 },
  j: { number: (moment) => dayOfYear(moment) + 1, width: 3 },
  k: { number: hour, width: 2, fill: ' ' },
  l: { number: (moment) => hour(moment) % 12 || 12, width: 2, fill: ' ' },
  m: { number: ({ there }) => there.getUTCMonth() + 1, width: 2 },
  M: { number: ({ there }) => there.getUTCMinutes(), width: 2 },
  p: { word: half, swapped: 'lower' },
  P: { fixed: (moment) => half(moment).toLowerCase() },
  q: { number: (moment) => Math.floor(moment.there.getUTCMonth() / 3) + 1, width: 1 },
  r: { fixed: (moment) => write('%I:%M:%S %p', moment) },
  R: { fixed: (moment) => write('%H:%M', moment) },
  s: { number: ({ seconds }) => seconds, width: 1 },
  S: { number: ({ there }) => there.getUTCSeconds(), width: 2 },
  T: { fixed: (moment) => write('%H:%M:%S', moment) },
  u: { number: ({ there }) => there.getUTCDay() || 7, width: 1 },
  U: { number: (moment) => week(moment, 0), width: 2 },
  V: { number: ({ there }) => isoWeek(there).week, width: 2 },
  w: { number: ({ there }) => there.getUTCDay(), width: 1 },
  W: { number: (moment) => week(moment, 1), width: 2 },
  x: { fixed: (moment) => write('%m/%d/%y', moment) },
  X: { fixed: (moment) => write('%H:%M:%S', moment) },
  y: { number: (moment) => year(moment) % 100, width: 2 },
  Y: { number: year, width: 4 },
  z: { fixed: ({ offset }) => offsetText(offset, 0) },
  ':z': { fixed: ({ offset }) => offsetText(offset, 1) },
  '::z': { fixed: ({ offset }) => offsetText(offset, 2) },
  Z: { word: ({ zone, seconds }) => zoneAbbreviation(zone, seconds), swapped: 'lower' },
};

/** A conversion in a pattern: its flags, its width, and its letter. */
const CONVERSION = /%([-_0^#]*)(\d*)(:{0,2}[A-Za-z%])/y;

interface Found {
  readonly flags: string;
  /** As written; empty if it is not given. */
  readonly width: string;
  readonly letter: string;
  readonly end: number;
}

/** The conversion that begins at a percent sign, if it is one. */
function conversionAt(pattern: string, at: number): Found | undefined {
  CONVERSION.lastIndex = at;
  const [whole = '', flags = '', width = '', letter = ''] = CONVERSION.exec(pattern) ?? [];
  const found = { flags, width, letter, end: at + whole.length };
  if (letter === 'N') return flags === '' && /^[1-9]?$/.test(width) ? found : undefined;
  const conversion = Object.hasOwn(CONVERSIONS, letter) ? CONVERSIONS[letter] : undefined;
  if (conversion === undefined || width.length > 3) return undefined;
  return 'fixed' in conversion && flags + width !== '' ? undefined : found;
}

/** The first thing in a pattern that looks like a conversion and is none, such as `%Q`. */
export function unknownConversion(pattern: string): string | undefined {
  for (let at = pattern.indexOf('%'); at !== -1; at = pattern.indexOf('%', at)) {
    const found = conversionAt(pattern, at);
    if (found === undefined) return /^%[-_0^#:EO\d]*.?/u.exec(pattern.slice(at))?.[0];
    at = found.end;
  }
  return undefined;
}

function write(pattern: string, moment: Moment): string {
  let text = '';
  let from = 0;
  for (let at = pattern.indexOf('%'); at !== -1; at = pattern.indexOf('%', from)) {
    const found = conversionAt(pattern, at);
    // The pattern has been checked.
    if (found === undefined) break;
    text += pattern.slice(from, at) + written(found, moment);
    from = found.end;
  }
  return text + pattern.slice(from);
}

function written({ flags, width, letter }: Found, moment: Moment): string {
  if (letter === 'N') return nanosecondDigits(moment.ns).slice(0, Number(width || 9));
  const conversion = CONVERSIONS[letter];
  if (conversion === undefined) return '';
  if ('fixed' in conversion) return conversion.fixed(moment);
  // The last flag for padding decides.
  const fill = /[-_0](?=[^-_0]*$)/.exec(flags)?.[0];
  if ('word' in conversion) {
    const word = cased(conversion.word(moment), flags, conversion.swapped);
    return filled(word, fill === '0' ? '0' : ' ', fill, width);
  }
  const usual = fill === undefined ? (conversion.fill ?? '0') : fill === '_' ? ' ' : '0';
  return filled(String(conversion.number(moment)), usual, fill, width || String(conversion.width));
}

function filled(text: string, by: string, fill: string | undefined, width: string): string {
  return fill === '-' ? text : text.padStart(Number(width), by);
}

function cased(text: string, flags: string, swapped: 'lower' | undefined): string {
  if (flags.includes('#')) return swapped === 'lower' ? text.toLowerCase() : text.toUpperCase();
  return flags.includes('^') ? text.toUpperCase() : text;
}

/**
 * A moment by a strftime pattern, as `date +PATTERN` writes it in the C locale.
 * The pattern has been checked.
 */
export function strftimeText(pattern: string, ns: bigint, zone: Zone): string {
  const seconds = Number(toSeconds(ns));
  const offset = zone.offsetSeconds(seconds);
  return write(pattern, { ns, seconds, offset, zone, there: new Date((seconds + offset) * 1000) });
}
