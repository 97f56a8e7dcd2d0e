import { inspect } from 'node:util';
import type { Operation, Result } from './operation.js';

/** An operation and its result as a readable line; long bodies are shortened. */
export function line(who: string, operation: Operation, result: Result): string {
  const { kind, ...how } = operation;
  return `${who} ${kind} ${text(how)} -> ${text(result)}`;
}

export function text(value: unknown): string {
  return inspect(value, { breakLength: Infinity, depth: Infinity, maxStringLength: 32 });
}
