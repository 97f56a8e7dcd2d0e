import type { Clocks, MachineMoment } from './clocks.js';
import { readMoment } from './moment.js';

/** How a clock goes. Moments are nanoseconds since the epoch. */
export interface Course {
  /** Its text. */
  readonly name: string;
  /** @param steady by the monotonic clock */
  at(machine: bigint, steady: bigint): bigint;
  /** When it shows a moment that it does not show yet; undefined: never. */
  when(moment: bigint): MachineMoment | undefined;
}

const NANOSECONDS: Readonly<Record<string, number>> = {
  d: 86_400e9,
  h: 3600e9,
  m: 60e9,
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  ns: 1,
};
const SPAN = /^([+-]?)((?:\d+(?:\.\d+)?(?:d|h|ms|m|us|ns|s))+)$/;
const PARTS = /(\d+)(?:\.(\d+))?(d|h|ms|m|us|ns|s)/g;

/** Rates are kept in millionths, for exact arithmetic. */
const MILLION = 1_000_000;
const HIGHEST_RATE = 1_000_000;
const LONGEST_TEXT = 64;

/**
 * Reads how a clock goes, from now on.
 * @returns undefined for the machine's clock
 * @throws {RangeError}
 */
export function readCourse(
  text: string,
  { wall, steady }: Pick<Clocks, 'wall' | 'steady'>,
): Course | undefined {
  if (text === 'machine') return undefined;
  const [, kind, rest = ''] = /^(fixed|offset|rate):(.+)$/s.exec(text) ?? [];
  if (kind === undefined || text.length > LONGEST_TEXT) throw noClock(text);
  if (kind === 'offset') {
    const offset = readOffset(rest) ?? wrong(text);
    return {
      name: text,
      at: (machine) => machine + offset,
      when: (moment) => ({ clock: 'wall', moment: moment - offset }),
    };
  }
  if (kind === 'fixed') {
    const moment = readMoment(rest) ?? wrong(text);
    return { name: text, at: () => moment, when: () => undefined };
  }
  const [, rateText = '', fromText] = /^(\d+(?:\.\d+)?)(?:,from:(.+))?$/s.exec(rest) ?? [];
  const rate = Math.round(Number(rateText) * MILLION);
  if (!(rate > 0 && rate <= HIGHEST_RATE * MILLION)) throw noClock(text);
  const from = fromText === undefined ? wall() : (readMoment(fromText) ?? wrong(text));
  const start = steady();
  const [times, parts] = [BigInt(rate), BigInt(MILLION)];
  return {
    name: text,
    at: (_machine, now) => from + ((now - start) * times) / parts,
    when: (moment) => ({ clock: 'steady', moment: start + ((moment - from) * parts + times - 1n) / times }),
  };
}

function readOffset(text: string): bigint | undefined {
  const [, sign, parts] = SPAN.exec(text) ?? [];
  if (parts === undefined) return undefined;
  let nanoseconds = 0n;
  for (const [, whole = '', fraction = '0', unit = ''] of parts.matchAll(PARTS)) {
    const size = NANOSECONDS[unit] ?? 0;
    nanoseconds += BigInt(whole) * BigInt(size) + BigInt(Math.round(Number(`0.${fraction}`) * size));
  }
  return sign === '-' ? -nanoseconds : nanoseconds;
}

function wrong(text: string): never {
  throw noClock(text);
}

function noClock(text: string): RangeError {
  const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
  return new RangeError(
    `'${shown}' is not a clock; write it as fixed:2026-12-31T23:59:50Z, offset:+1h30m or rate:60,from:2026-12-31T12:00Z`,
  );
}
