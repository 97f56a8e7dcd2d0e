import { asctime, toSeconds } from '@timeq/time-protocol';
import { isoText } from './iso.js';
import type { Format } from './names.js';
import type { Zone } from './zone.js';

/** Writes a moment, given in nanoseconds since the epoch. */
export type MomentWriter = (ns: bigint) => string;

/**
 * A writer of moments in a format and a zone. Loads only what that format needs.
 *
 * @throws RangeError for a pattern with an unknown conversion
 */
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
      const { strftimeText, unknownConversion } = await import('./strftime.js');
      const pattern = format.slice(1);
      const unknown = unknownConversion(pattern);
      if (unknown !== undefined) throw new RangeError(`${unknown} is not a conversion of strftime`);
      return (ns) => strftimeText(pattern, ns, zone);
    }
  }
}

/** A moment as C's asctime writes it, in any zone. */
function asctimeText(ns: bigint, zone: Zone): string {
  const seconds = Number(toSeconds(ns));
  return asctime(new Date((seconds + zone.offsetSeconds(seconds)) * 1000));
}
