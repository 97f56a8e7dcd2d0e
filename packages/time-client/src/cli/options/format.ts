import { FORMATS } from '../../format/names.js';
import type { Format } from '../../format/names.js';
import { nearest } from '@timeq/cli-kit/args/nearest';
import { checkPattern } from './strftime-pattern.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';

/**
 * Reads `--format`.
 *
 * @throws UsageError
 */
export function parseFormat(text: string): Format {
  if (isPattern(text)) {
    checkPattern(text);
    return text;
  }
  if (isNamed(text)) return text;
  const names = Object.keys(FORMATS);
  const meant = text.includes('%') ? `+${text}` : nearest(text, names);
  const hint = meant === undefined ? '' : ` (did you mean ${meant}?)`;
  throw new UsageError(
    `--format must be ${names.join(', ')} or +PATTERN, not ${JSON.stringify(text)}${hint}`,
  );
}

function isPattern(text: string): text is `+${string}` {
  return text.startsWith('+');
}

function isNamed(text: string): text is keyof typeof FORMATS {
  return Object.hasOwn(FORMATS, text);
}
