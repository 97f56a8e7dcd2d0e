import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { unknownConversion } from '../../format/strftime.js';

/**
 * Checks a strftime pattern before anybody is asked for the time.
 *
 * @throws UsageError naming the first conversion that is not known
 */
export function checkPattern(pattern: string): void {
  const unknown = unknownConversion(pattern);
  if (unknown === undefined) return;
  throw new UsageError(
    `--format has ${JSON.stringify(unknown)}, which is no conversion here (%% is a percent sign; see man date)`,
  );
}
