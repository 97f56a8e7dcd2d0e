const DAY = 86_400_000;

/** The ISO 8601 week of a date by its UTC fields: week 1 has the year's first Thursday. */
export function isoWeek(date: Date): { year: number; week: number } {
  const weekday = (date.getUTCDay() + 6) % 7;
  const thursday = new Date(
    Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - weekday + 3),
  );
  const year = thursday.getUTCFullYear();
  return { year, week: 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY)) };
}
