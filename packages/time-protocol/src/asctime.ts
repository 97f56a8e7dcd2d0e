/** The length of the text of a year from 1000 to 9999, in bytes. */
export const ASCTIME_BYTES = 24;

/**
 * What C's `asctime` writes of a date's UTC fields, without the newline: `Fri Nov 20 09:09:00 2026`. English whatever the
 * locale, the day padded with a space, the year not padded at all (glibc's asctime.c).
 */
export function asctime(date: Date): string {
  // `Fri, 20 Nov 2026 09:09:00 GMT`
  const [weekday, day, month, year, time] = date.toUTCString().split(/,? /);
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${Number(year)}`;
}
