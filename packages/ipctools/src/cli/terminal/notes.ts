import { escapeText } from '@timeq/cli-kit/text/escape';
import { cut } from '@timeq/cli-kit/text/width';
import type { Screen } from './screen.js';

/** A remark for people, on standard error. It may quote a file or a name that somebody else has made. */
export function note(text: string): void {
  process.stderr.write(`${escapeText(text)}\n`);
}

/** Says which columns the terminal had no room for, and what to do about it. */
export function noteGivenUp(labels: readonly string[], screen: Screen, advice = ''): void {
  if (labels.length === 0) return;
  const text = `no room at ${screen.width} columns: ${labels.join(', ')}${advice}`;
  process.stderr.write(`${screen.paint('dim', cut(text, screen.width))}\n`);
}
