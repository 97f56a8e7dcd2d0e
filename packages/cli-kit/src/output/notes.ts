import { escapeText } from '../text/escape.js';
import type { Style } from './color.js';
import { screenOf } from './screen.js';

let heard = false;

/** A line for people, on standard error. It may quote a file or a name that another user chose. */
export function note(text: string, style?: Style): void {
  // Standard error without a reader loses it, which is no failure.
  if (!heard) process.stderr.on('error', () => {});
  heard = true;
  const line = escapeText(text);
  process.stderr.write(`${style === undefined ? line : screenOf().paint(style, line)}\n`);
}
