import { escapeText } from '../text/escape.js';
import type { Style } from './color.js';
import { screenOf } from './screen.js';

let heard = false;

/** A line for people, on standard error. It may quote a file or a name that somebody else has made. */
export function note(text: string, style?: Style): void {
  // Where it has no reader, there is nobody to tell.
  if (!heard) process.stderr.on('error', () => {});
  heard = true;
  const line = escapeText(text);
  process.stderr.write(`${style === undefined ? line : screenOf().paint(style, line)}\n`);
}
