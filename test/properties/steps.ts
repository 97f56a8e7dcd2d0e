import { inspect } from 'node:util';
import type { Operation, Result } from './operation.js';

/** One operation and what came of it, as a line to be read; of a long body the beginning. */
export function line(who: string, operation: Operation, result: Result): string {
  const { kind, ...how } = operation;
  return `${who} ${kind} ${text(how)} -> ${text(result)}`;
}

export function text(value: unknown): string {
  return inspect(value, { breakLength: Infinity, depth: Infinity, maxStringLength: 32 });
}
