import { toSeconds } from '@timeq/time-protocol';
import { isoWeek } from './iso-week.js';
import type { Zone } from './zone.js';

/** A moment, as the clocks of a zone show it. */
export interface Moment {
  readonly ns: bigint;
  /** Since the epoch. */
  readonly seconds: number;
  /** Seconds east of UTC. */
  readonly offset: number;
  readonly zone: Zone;
  /** Its UTC fields are those of the zone. */
  readonly there: Date;
}

export function momentIn(zone: Zone, ns: bigint): Moment {
  const seconds = Number(toSeconds(ns));
  const offset = zone.offsetSeconds(seconds);
  return { ns, seconds, offset, zone, there: new Date((seconds + offset) * 1000) };
}

const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

export const dayName = ({ there }: Moment): string => DAYS[there.getUTCDay()] ?? '';
export const monthName = ({ there }: Moment): string => MONTHS[there.getUTCMonth()] ?? '';
export const yearOf = ({ there }: Moment): number => there.getUTCFullYear();
export const monthOf = ({ there }: Moment): number => there.getUTCMonth() + 1;
export const dayOf = ({ there }: Moment): number => there.getUTCDate();
export const hourOf = ({ there }: Moment): number => there.getUTCHours();
/** 1 to 12. */
export const hourOfHalf = (moment: Moment): number => hourOf(moment) % 12 || 12;
export const halfOf = (moment: Moment): string => (hourOf(moment) < 12 ? 'AM' : 'PM');
/** 0 (Sunday) to 6. */
export const weekdayOf = ({ there }: Moment): number => there.getUTCDay();

/** From 0. */
export const dayOfYear = (moment: Moment): number =>
  Math.floor((moment.there.getTime() - Date.UTC(yearOf(moment), 0, 1)) / 86_400_000);

/** The week whose first day is `first` (0: Sunday); the days before the first such day are in week 0. */
export const weekOf = (moment: Moment, first: 0 | 1): number =>
  Math.floor((dayOfYear(moment) + 7 - ((weekdayOf(moment) + 7 - first) % 7)) / 7);

/** Of ISO 8601, and the year that it belongs to. */
export const isoWeekOf = ({ there }: Moment): { year: number; week: number } => isoWeek(there);
