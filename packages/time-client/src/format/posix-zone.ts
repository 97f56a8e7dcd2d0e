const NAME = String.raw`(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)`;
const OFFSET = String.raw`[-+]?\d{1,3}(?::\d{2}){0,2}`;
const DATE = String.raw`(?:M\d{1,2}\.\d\.\d|J?\d{1,3})(?:/${OFFSET})?`;
const ZONE = new RegExp(`^${NAME}${OFFSET}(?:${NAME}(?:${OFFSET})?(?:,${DATE},${DATE})?)?$`);

/** Whether the text is a zone as POSIX writes it in TZ (tzset(3)): `CET-1CEST`, `<+0330>-3:30`. */
export function isPosixZone(text: string): boolean {
  return ZONE.test(text);
}
