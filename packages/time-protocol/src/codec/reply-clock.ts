import { parseNanoseconds } from '../nanoseconds.js';

/** The longest name of a clock. */
const LONGEST_NAME = 64;

/** A clock of a server that is not its machine's. */
export interface ReplyClock {
  /** Such as `offset:+1h`. */
  readonly name: string;
  /** When the reply was made by the machine's clock, in nanoseconds since the epoch. */
  readonly machine: bigint;
}

/** The clock that a reply names, as its field. */
export function parseClock(value: unknown): { readonly clock?: ReplyClock } {
  if (typeof value !== 'object' || value === null) return {};
  const { name, machine: text } = value as Record<string, unknown>;
  const machine = parseNanoseconds(text);
  if (typeof name !== 'string' || name.length > LONGEST_NAME || machine === undefined) return {};
  return { clock: { name, machine } };
}
