import { escapeText } from '../text/escape.js';
import type { Style } from './color.js';
import { screenOf } from './screen.js';

let heard = false;
let receiver: ((line: string) => void) | undefined;

/** A line for people, on standard error. It may quote a file or a name that another user chose. */
export function note(text: string, style?: Style): void {
  const escaped = escapeText(text);
  const line = style === undefined ? escaped : screenOf().paint(style, escaped);
  if (receiver !== undefined) return receiver(line);
  // Standard error without a reader loses it, which is no failure.
  if (!heard) process.stderr.on('error', () => {});
  heard = true;
  process.stderr.write(`${line}\n`);
}

/** Gives the notes of some work to `receive`: on standard error they would be written over a screen. */
export async function catchingNotes<Result>(
  receive: (line: string) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  receiver = receive;
  try {
    return await work();
  } finally {
    receiver = undefined;
  }
}
