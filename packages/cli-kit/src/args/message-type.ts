import { UsageError } from './usage-error.js';

/** A number where that is exact, else a bigint. */
export type MessageType = number | bigint;

const HIGHEST = 2n ** 63n - 1n;

function readLong(word: string): bigint {
  if (!/^-?(?:\d+|0x[0-9a-f]+)$/i.test(word))
    throw new UsageError(`'${word}' is not a message type; types are whole numbers, such as 1`);
  const value = word.startsWith('-') ? -BigInt(word.slice(1)) : BigInt(word);
  if (value > HIGHEST || value < -HIGHEST)
    throw new UsageError(`message type ${word} is out of range; the largest is ${HIGHEST}`);
  return value;
}

function narrowed(type: bigint): MessageType {
  const number = Number(type);
  return Number.isSafeInteger(number) ? number : type;
}

/** The type of a message to send: 1 to 2^63-1. @throws UsageError */
export function readMessageType(word: string): MessageType {
  const type = readLong(word);
  if (type < 1n) throw new UsageError(`message type ${word} can't be sent; types start at 1`);
  return narrowed(type);
}

/** A type as msgrcv(2) selects by it: 0 any, T only T, -T the lowest up to T. @throws UsageError */
export function readTypeSelection(word: string): MessageType {
  return narrowed(readLong(word));
}
