import { readFileSync } from 'node:fs';
import { offsetText } from './offset-text.js';

const TZ_DATABASE = '/usr/share/zoneinfo';

/**
 * The short name of a zone at an offset, such as `CET`, `CEST` or `JST`, as `date +%Z` prints it there today.
 *
 * Intl knows such names only for the zones of its locale (`GMT+1` for Berlin in American English), so the machine's own
 * time zone database comes first. A zone without letters has its offset (`+08`, `+0545`), as in that database.
 */
export function zoneAbbreviation(name: string, offset: number, epochSeconds: number): string {
  return (
    fromDatabase(name, offset) ?? fromIntl(name, epochSeconds) ?? offsetText(offset, 0).replace(/00$/, '')
  );
}

/** A compiled zone ends with a POSIX TZ string (RFC 8536, 3.3). */
function fromDatabase(name: string, offset: number): string | undefined {
  try {
    const lines = readFileSync(`${TZ_DATABASE}/${name}`, 'latin1').split('\n');
    return fromPosix(lines.at(-2) ?? '', offset);
  } catch {
    return undefined;
  }
}

/** From a POSIX TZ string: `CET-1CEST,M3.5.0,M10.5.0/3`, `<+0330>-3:30`. */
function fromPosix(text: string, offset: number): string | undefined {
  const rule = /^(<[^>]+>|[A-Za-z]+)([-+\d:]+)(?:(<[^>]+>|[A-Za-z]+)([-+\d:]+)?)?/.exec(text);
  if (rule === null) return undefined;
  const standard = secondsEast(rule[2] ?? '');
  const summer = rule[4] === undefined ? standard + 3600 : secondsEast(rule[4]);
  const abbreviation = offset === standard ? rule[1] : offset === summer ? rule[3] : undefined;
  return abbreviation?.replace(/[<>]/g, '');
}

/** POSIX counts hours west of Greenwich: `-5:30` is India. */
function secondsEast(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[-+]/, '').split(':').map(Number);
  return (text.startsWith('-') ? 1 : -1) * (hours * 3600 + minutes * 60 + seconds) + 0;
}

function fromIntl(name: string, epochSeconds: number): string | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'short' });
    const part = format.formatToParts(epochSeconds * 1000).find(({ type }) => type === 'timeZoneName');
    return /^[A-Z]+$/.test(part?.value ?? '') ? part?.value : undefined;
  } catch {
    return undefined;
  }
}
