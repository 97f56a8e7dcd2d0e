import { namedZone } from '../../format/zone.js';
import type { Zone } from '../../format/zone.js';
import { nearest } from '@timeq/cli-kit/args/nearest';
import { UsageError } from '@timeq/cli-kit/args/usage-error';

/**
 * Reads `--zone`.
 *
 * @throws UsageError, with the nearest name
 */
export function parseZone(text: string): Zone {
  const zone = namedZone(text);
  if (zone !== undefined) return zone;
  const meant = nearest(text, ['UTC', 'local', ...Intl.supportedValuesOf('timeZone')]);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  throw new UsageError(`--zone needs an IANA name such as Europe/Berlin, not ${JSON.stringify(text)}${hint}`);
}
