import { NANOSECONDS_PER_SECOND, toSeconds } from '@timeq/time-protocol';
import { offsetText } from './offset-text.js';
import type { Zone } from './zone.js';

/** ISO 8601 with nanoseconds and the zone's offset: `2026-11-20T10:09:00.123456789+01:00`, `…Z` for UTC. */
export function isoText(ns: bigint, zone: Zone): string {
  const seconds = Number(toSeconds(ns));
  const offset = Math.trunc(zone.offsetSeconds(seconds) / 60) * 60;
  const fields = new Date((seconds + offset) * 1000).toISOString().replace(/\.\d+Z$/, '');
  return `${fields}.${nanosecondDigits(ns)}${zone.name === 'UTC' ? 'Z' : offsetText(offset, 1)}`;
}

/** The nanoseconds within a moment's second, in nine digits. */
export function nanosecondDigits(ns: bigint): string {
  return String(ns - toSeconds(ns) * NANOSECONDS_PER_SECOND).padStart(9, '0');
}
