import { closeSync, openSync, readSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/**
 * What is wrong with the zone that the environment variable TZ names, in a sentence; undefined where the C library
 * understands it. It takes what it does not understand for UTC, without a word.
 */
export function zoneComplaint(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { TZ: zone = '', TZDIR: folder = '/usr/share/zoneinfo' } = environment;
  const name = zone.replace(/^:/, '');
  // As POSIX has it: letters or <...>, and how far west (tzset(3)).
  if (name === '' || /^UTC0?$/.test(name) || /^(?:[A-Za-z]{3,}|<[\w+-]{3,}>)[-+]?\d/.test(name))
    return undefined;
  if (isZoneFile(isAbsolute(name) ? name : join(folder, name))) return undefined;
  return (
    `the environment variable TZ is '${zone}', which names no time zone of this machine: local times are in UTC; ` +
    'write it as Europe/Berlin (from the package tzdata) or CET-1CEST,M3.5.0,M10.5.0/3'
  );
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
