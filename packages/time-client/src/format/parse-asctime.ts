import { localZone, secondShown } from './zone.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const ASCTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}):(\d{2}):(\d{2}) (\d{4})$/;

/**
 * Reads asctime text as a time of this process's zone, because a classic reply does not name its zone.
 *
 * @returns nanoseconds since the epoch, a whole second; undefined if the text is not asctime's
 */
export function parseAsctime(text: string): bigint | undefined {
  const match = ASCTIME.exec(text);
  if (match === null) return undefined;
  const month = MONTHS.indexOf(match[1] ?? '');
  if (month === -1) return undefined;
  const [day, hour, minute, second, year] = match.slice(2).map(Number);
  if (day === undefined || hour === undefined || minute === undefined || second === undefined)
    return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year ?? NaN, month, day);
  date.setUTCHours(hour, minute, second);
  return date.getUTCDate() === day
    ? BigInt(secondShown(date.getTime() / 1000, localZone())) * 1_000_000_000n
    : undefined;
}
