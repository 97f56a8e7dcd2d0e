import { UsageError } from './usage-error.js';

/** A subject of NATS at which time servers listen. @throws UsageError */
export function readSubject(word: string): string {
  if (/^[^\s.*>$][^\s.*>]*(?:\.[^\s.*>]+)*$/.test(word)) return word;
  throw new UsageError(
    `'${word}' is not a subject; it is words with dots between them, without spaces, * and >`,
  );
}
