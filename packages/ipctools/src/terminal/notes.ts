import { cut } from '../format/text.js';
import type { Screen } from './screen.js';

/** A remark for people, on standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Says which columns the terminal had no room for, and what to do about it. */
export function noteGivenUp(labels: readonly string[], screen: Screen, advice = ''): void {
  if (labels.length === 0) return;
  const text = `no room at ${screen.width} columns: ${labels.join(', ')}${advice}`;
  note(screen.paint('dim', cut(text, screen.width)));
}
