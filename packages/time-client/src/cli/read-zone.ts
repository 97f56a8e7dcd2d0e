import { didYouMean } from '@timeq/cli-kit/args/did-you-mean';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { namedZone, type Zone } from '../format/zone.js';
import { remarkOnZone } from './notes.js';

/** Reads `--zone`. @throws UsageError, with the nearest name */
export async function readZone(text: string): Promise<Zone> {
  if (text === 'local') await remarkOnZone();
  const zone = namedZone(text);
  if (zone !== undefined) return zone;
  const hint = didYouMean(text, ['UTC', 'local', ...Intl.supportedValuesOf('timeZone')]);
  throw new UsageError(`--zone needs an IANA name such as Europe/Berlin, not '${text}'${hint}`);
}
