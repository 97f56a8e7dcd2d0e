import { didYouMean } from '@timeq/cli-kit/args/did-you-mean';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { FORMATS, type Format } from '../format/names.js';
import { unknownConversion } from '../format/strftime.js';

/** Reads `--format`. @throws UsageError */
export function readFormat(text: string): Format {
  if (isPattern(text)) {
    const unknown = unknownConversion(text);
    if (unknown === undefined) return text;
    throw new UsageError(
      `--format has '${unknown}', which is not a conversion here (%% is a percent sign; see man date)`,
    );
  }
  if (isNamed(text)) return text;
  const names = Object.keys(FORMATS);
  const hint = text.includes('%') ? ` (did you mean +${text}?)` : didYouMean(text, names);
  throw new UsageError(`--format must be ${names.join(', ')} or +PATTERN, not '${text}'${hint}`);
}

function isPattern(text: string): text is `+${string}` {
  return text.startsWith('+');
}

function isNamed(text: string): text is keyof typeof FORMATS {
  return Object.hasOwn(FORMATS, text);
}
