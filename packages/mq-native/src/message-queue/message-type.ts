import { rangeError, typeError } from '../errors/argument-error.js';

/**
 * A message type: a C `long` of 64 bits. Results are a number up to 2^53 - 1, where that is exact, and a bigint beyond.
 * Both are accepted everywhere, and nothing is narrowed silently.
 */
export type MessageType = number | bigint;

const LONGEST = 2n ** 63n - 1n;

function checkLong(name: string, type: MessageType, least: bigint): MessageType {
  if (typeof type === 'number') {
    if (!Number.isSafeInteger(type)) {
      throw rangeError(name, 'an integer; beyond 2^53 - 1 give a bigint', type);
    }
    if (type < least) throw rangeError(name, `at least ${least}`, type);
    return type;
  }
  if (typeof type !== 'bigint') throw typeError(name, 'a number or a bigint', type);
  if (type < least || type > LONGEST) throw rangeError(name, `from ${least} to 2^63 - 1`, type);
  const number = Number(type);
  return Number.isSafeInteger(number) ? number : type;
}

/** A type to send with, 1 to 2^63 - 1. */
export function checkMessageType(type: MessageType, name = 'type'): MessageType {
  // Comparing a number with a bigint takes longer than all the rest.
  if (typeof type === 'number' && type >= 1 && Number.isSafeInteger(type)) return type;
  return checkLong(name, type, 1n);
}

/** A type to select by: 0 for any, n for that type, -n for the lowest type up to n. */
export function checkSelectedType(type: MessageType): MessageType {
  if (typeof type === 'number' && Number.isSafeInteger(type)) return type;
  return checkLong('type', type, -LONGEST);
}

export function checkExceptedType(type: MessageType): MessageType {
  return checkLong('except', type, 1n);
}
