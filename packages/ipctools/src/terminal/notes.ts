import type { Screen } from './screen.js';

/** A remark for people, on standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Says which columns the terminal had no room for. */
export function noteGivenUp(labels: readonly string[], screen: Screen): void {
  if (labels.length === 0) return;
  note(screen.paint('dim', `no room at ${screen.width} columns: ${labels.join(', ')} (--columns chooses)`));
}
