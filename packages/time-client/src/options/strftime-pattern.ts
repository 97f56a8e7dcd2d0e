import { UsageError } from '@timeq/cli-kit/args/usage-error';

/** Every conversion of date(1) in the C locale but for the flags `^` and `#`, the modifiers `E` and `O`, and widths. */
const CONVERSION = /^(?:[-_0]?[CdegGHIjklmMqSUVWy]|[aAbBcDFhnpPrRsTtuwxXYZ%]|:?z|[1-9]?N)/;

/**
 * Checks a strftime pattern before anybody is asked for the time.
 *
 * @throws UsageError naming the first conversion that is not known
 */
export function checkPattern(pattern: string): void {
  for (let at = pattern.indexOf('%'); at !== -1; at = pattern.indexOf('%', at)) {
    const rest = pattern.slice(at + 1);
    const conversion = CONVERSION.exec(rest)?.[0];
    if (conversion === undefined) {
      const shown = JSON.stringify(`%${/^[-_0^#:EO\d]*.?/u.exec(rest)?.[0] ?? ''}`);
      throw new UsageError(
        `--format has ${shown}, which is no conversion here (%% is a percent sign; see man date)`,
      );
    }
    at += 1 + conversion.length;
  }
}
