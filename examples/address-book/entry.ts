import type { Json } from '../rpc/json-rpc.js';

export interface Entry extends Readonly<Record<string, Json>> {
  readonly name: string;
  readonly phone: string;
}

/** The result of `find`: as many entries as fit into a message, and the number of all matches. */
export interface Found extends Readonly<Record<string, Json>> {
  readonly entries: readonly Entry[];
  readonly count: number;
}

const LONGEST_NAME = 80;

/** @returns the problem with a name, or undefined */
export function problemOfName(name: string): string | undefined {
  if (name === '') return 'A name is wanted.';
  if (/\p{Cc}/u.test(name)) return 'A name has no control characters.';
  return name.length > LONGEST_NAME ? `A name has at most ${LONGEST_NAME} characters.` : undefined;
}

/** @returns the problem with a phone number, or undefined */
export function problemOfPhone(phone: string): string | undefined {
  const correct = /^\+?[\d ()/-]{1,30}$/.test(phone) && /\d/.test(phone);
  return correct ? undefined : 'A phone number has digits, spaces and ( ) / -, perhaps after a +.';
}
