import {
  dayName,
  dayOf,
  dayOfYear,
  halfOf,
  hourOf,
  hourOfHalf,
  isoWeekOf,
  momentIn,
  monthName,
  monthOf,
  weekdayOf,
  weekOf,
  yearOf,
  type Moment,
} from './calendar.js';
import { nanosecondDigits } from './iso.js';
import type { Zone } from './zone.js';

/** The last of the flags that say what fills a width: nothing, spaces, zeros, or zeros after a plus sign for years. */
type Fill = '-' | '_' | '0' | '+' | undefined;

/** How a conversion is written. */
interface Style {
  readonly fill: Fill;
  readonly width: number | undefined;
  /** In capitals; also all within `%^c`. */
  readonly upper: boolean;
  /** In the other case. */
  readonly swapped: boolean;
  /** How the conversion fills years that this one is a part of. */
  readonly yearFill: Fill;
}

type Conversion = (moment: Moment, style: Style) => string;

/** A number of so many digits, filled with zeros, or with spaces if `usual` says so. */
function number(value: (moment: Moment) => number, digits: number, usual: Fill = '0'): Conversion {
  return (moment, { fill = usual, width = digits }) => numberText(value(moment), fill, width);
}

/** The number of a year. With `+` and a width for more digits it has a sign. */
function year(value: (moment: Moment) => number, digits: number): Conversion {
  return (moment, style) => {
    const { yearFill, fill = yearFill ?? '0', width = digits } = style;
    return numberText(value(moment), fill, width, fill === '+' && width > digits);
  };
}

function numberText(value: number, fill: Fill, width: number, signed = false): string {
  return filledNumber(value < 0 ? '-' : signed ? '+' : '', String(Math.abs(value)), fill, width);
}

function filledNumber(sign: string, digits: string, fill: Fill, width: number): string {
  if (fill === '-') return sign + digits;
  if (fill === '_') return (sign + digits).padStart(width);
  return sign + digits.padStart(width - sign.length, '0');
}

/** A word; `#` makes it capitals, or small letters where it is in capitals already. */
function word(value: (moment: Moment) => string, swapped: 'upper' | 'lower' = 'upper'): Conversion {
  return (moment, style) => {
    const small = style.swapped && swapped === 'lower';
    const text = value(moment);
    const cased = small ? text.toLowerCase() : style.upper || style.swapped ? text.toUpperCase() : text;
    return filledText(cased, style);
  };
}

/** Text that has no case of its own to change. */
function plain(value: (moment: Moment) => string): Conversion {
  return (moment, style) => filledText(value(moment), style);
}

function filledText(value: string, { fill, width = 0 }: Style): string {
  if (fill === '-') return value;
  return value.padStart(width, fill === '0' || fill === '+' ? '0' : ' ');
}

/** Several conversions in one. `%-D` fills its year, too; `%-x`, which each locale has its own way with, does not. */
function pattern(conversions: string, years?: 'filled'): Conversion {
  return (moment, style) => {
    const yearFill = years === 'filled' ? style.fill : undefined;
    return filledText(write(conversions, moment, { upper: style.upper, yearFill }), style);
  };
}

/** The date of ISO 8601, of which the year fills the width. */
const isoDate: Conversion = (moment, style) => {
  const { fill = '0', width = 0 } = style;
  const yearWidth = Math.max(0, width - '-mm-dd'.length);
  return numberText(yearOf(moment), fill, yearWidth, fill === '+' && yearWidth > 4) + write('-%m-%d', moment);
};

/** The fraction of the second, in so many digits. `%-N` has all that the clock has; `-` and a width ends in no zero. */
const fraction: Conversion = ({ ns }, { fill, width }) => {
  const digits = width || 9;
  const text = nanosecondDigits(ns).slice(0, digits);
  if (fill === '-' && width === undefined) return text;
  const zeroless = text.replace(/(?<=.)0+$/, '');
  return fill === '-' ? zeroless : zeroless.padEnd(digits, fill === '_' ? ' ' : '0');
};

/**
 * The offset from UTC: `+hhmm`, `+hh:mm`, `+hh:mm:ss`, or with three colons as short as it can be. An offset that is not
 * known, which is zero in a zone named `-00`, is negative (RFC 3339).
 */
function offset(colons: number): Conversion {
  return ({ offset: seconds, zone, seconds: epochSeconds }, { fill, width }) => {
    const size = Math.abs(seconds);
    const [hours, minutes, rest] = [Math.trunc(size / 3600), Math.trunc(size / 60) % 60, size % 60];
    const two = (value: number): string => String(value).padStart(2, '0');
    const shown = colons < 3 ? Math.max(2, colons + 1) : rest > 0 ? 3 : minutes > 0 ? 2 : 1;
    const digits =
      colons === 0
        ? String(hours * 100 + minutes)
        : [String(hours), two(minutes), two(rest)].slice(0, shown).join(':');
    const usual = colons === 0 ? '+hhmm'.length : '+hh'.length * shown;
    const west = seconds < 0 || (seconds === 0 && zone.abbreviation(epochSeconds).startsWith('-'));
    return filledNumber(west ? '-' : '+', digits, fill, width ?? usual);
  };
}

/** Every conversion of date(1), as it is in the C locale. */
const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  '%': plain(() => '%'),
  n: plain(() => '\n'),
  t: plain(() => '\t'),
  a: word((moment) => dayName(moment).slice(0, 3)),
  A: word(dayName),
  b: word((moment) => monthName(moment).slice(0, 3)),
  B: word(monthName),
  c: pattern('%a %b %e %H:%M:%S %Y'),
  C: year((moment) => Math.floor(yearOf(moment) / 100), 2),
  d: number(dayOf, 2),
  D: pattern('%m/%d/%y', 'filled'),
  e: number(dayOf, 2, '_'),
  F: isoDate,
  g: year((moment) => isoWeekOf(moment).year % 100, 2),
  G: year((moment) => isoWeekOf(moment).year, 4),
  h: word((moment) => monthName(moment).slice(0, 3)),
  H: number(hourOf, 2),
  I: number(hourOfHalf, 2),
  j: number((moment) => dayOfYear(moment) + 1, 3),
  k: number(hourOf, 2, '_'),
  l: number(hourOfHalf, 2, '_'),
  m: number(monthOf, 2),
  M: number(({ there }) => there.getUTCMinutes(), 2),
  N: fraction,
  p: word(halfOf, 'lower'),
  P: plain((moment) => halfOf(moment).toLowerCase()),
  q: number((moment) => Math.ceil(monthOf(moment) / 3), 1),
  r: pattern('%I:%M:%S %p'),
  R: pattern('%H:%M'),
  s: number(({ seconds }) => seconds, 1),
  S: number(({ there }) => there.getUTCSeconds(), 2),
  T: pattern('%H:%M:%S'),
  u: number((moment) => weekdayOf(moment) || 7, 1),
  U: number((moment) => weekOf(moment, 0), 2),
  V: number((moment) => isoWeekOf(moment).week, 2),
  w: number(weekdayOf, 1),
  W: number((moment) => weekOf(moment, 1), 2),
  x: pattern('%m/%d/%y'),
  X: pattern('%H:%M:%S'),
  y: year((moment) => yearOf(moment) % 100, 2),
  Y: year(yearOf, 4),
  z: offset(0),
  ':z': offset(1),
  '::z': offset(2),
  ':::z': offset(3),
  Z: word(({ zone, seconds }) => zone.abbreviation(seconds), 'lower'),
};

/** The conversions that date(1) takes after E and O, for other eras and digits; the C locale has neither. */
const MODIFIED: Readonly<Record<string, readonly string[]>> = {
  E: 'c C n p P q r R s t T u x X y Y z :z ::z :::z Z'.split(' '),
  O: 'b B C d e g G h H I j k l m M n N p P r R s S t T u U V w W y z Z'.split(' '),
};

/** A conversion in a pattern: flags, width, modifier, letter. */
const CONVERSION = /%([-_0+^#]*)(\d{0,3})([EO]?)(:{0,3}[A-Za-z%])/y;

interface Found {
  readonly convert: Conversion;
  readonly flags: string;
  readonly width: number | undefined;
  readonly end: number;
}

/** The conversion that begins at a percent sign, if it is one. */
function conversionAt(text: string, at: number): Found | undefined {
  CONVERSION.lastIndex = at;
  const [whole = '', flags = '', width = '', modifier = '', letter = ''] = CONVERSION.exec(text) ?? [];
  const convert = Object.hasOwn(CONVERSIONS, letter) ? CONVERSIONS[letter] : undefined;
  if (convert === undefined || (letter === '%' && whole !== '%%')) return undefined;
  if (modifier !== '' && MODIFIED[modifier]?.includes(letter) !== true) return undefined;
  return { convert, flags, width: width === '' ? undefined : Number(width), end: at + whole.length };
}

/** The first thing in a pattern that looks like a conversion and is none, such as `%Q`. */
export function unknownConversion(text: string): string | undefined {
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', at)) {
    const found = conversionAt(text, at);
    if (found === undefined) return /^%[-_0+^#:EO\d]*.?/u.exec(text.slice(at))?.[0];
    at = found.end;
  }
  return undefined;
}

function write(text: string, moment: Moment, within: Partial<Style> = {}): string {
  let written = '';
  let from = 0;
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', from)) {
    const found = conversionAt(text, at);
    // The pattern has been checked.
    if (found === undefined) break;
    written += text.slice(from, at) + found.convert(moment, styleOf(found, within));
    from = found.end;
  }
  return written + text.slice(from);
}

function styleOf({ flags, width }: Found, { upper = false, yearFill }: Partial<Style>): Style {
  return {
    fill: /[-_0+](?=[^-_0+]*$)/.exec(flags)?.[0] as Fill,
    width,
    upper: upper || flags.includes('^'),
    swapped: flags.includes('#'),
    yearFill,
  };
}

/**
 * A moment by a strftime pattern, as `date +PATTERN` writes it in the C locale.
 * The pattern has been checked.
 */
export function strftimeText(text: string, ns: bigint, zone: Zone): string {
  return write(text, momentIn(zone, ns));
}
