import { asctime, localParts, toSeconds } from '@timeq/time-protocol';
import { isoText } from './iso.js';
import type { Format } from './names.js';
import type { Zone } from './zone.js';
import { ZonedDate } from './zoned-date.js';

/** Writes a moment, given in nanoseconds since the epoch. */
export type MomentWriter = (ns: bigint) => string;

/** What writes moments in a format and a zone. Loads what that format needs and no more. */
export async function momentWriter(format: Format, zone: Zone): Promise<MomentWriter> {
  switch (format) {
    case 'asctime':
      return (ns) => asctimeText(ns, zone);
    case 'iso':
      return (ns) => isoText(ns, zone);
    case 'unix':
      return (ns) => String(toSeconds(ns));
    case 'unix-ns':
      return String;
    default: {
      const { strftimeText } = await import('./strftime.js');
      return (ns) => strftimeText(format.slice(1), ns, zone);
    }
  }
}

/** A moment as C's asctime writes it, in any zone. */
function asctimeText(ns: bigint, zone: Zone): string {
  const seconds = Number(toSeconds(ns));
  return asctime(localParts(new ZonedDate(seconds * 1000, zone.offsetSeconds(seconds))));
}
