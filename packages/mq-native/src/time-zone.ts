import { closeSync, openSync, readSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

const NAME = String.raw`(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)`;
const TIME = String.raw`[-+]?\d{1,3}(?::\d{1,2}){0,2}`;
const DATE = String.raw`(?:M\d{1,2}\.[1-5]\.[0-6]|J?\d{1,3})(?:/${TIME})?`;
const POSIX_ZONE = new RegExp(`^${NAME}${TIME}(?:${NAME}(?:${TIME})?(?:,${DATE},${DATE})?)?$`);

/**
 * Whether the C library understands a value of TZ (tzset(3)): a name in the machine's time zone database, the path of such
 * a file, or rules as POSIX writes them, such as `CET-1CEST,M3.5.0,M10.5.0/3`. Anything else it takes for UTC, without a
 * word.
 */
export function isTimeZone(text: string): boolean {
  const name = text.replace(/^:/, '');
  if (name === '' || name === 'UTC' || POSIX_ZONE.test(name)) return true;
  const { TZDIR: folder = '/usr/share/zoneinfo' } = process.env;
  return !name.includes('\0') && isZoneFile(isAbsolute(name) ? name : join(folder, name));
}

/** A compiled zone begins with four letters (RFC 8536). */
function isZoneFile(path: string): boolean {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const head = Buffer.alloc(4);
    return readSync(file, head) === 4 && head.toString('latin1') === 'TZif';
  } catch {
    return false;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
