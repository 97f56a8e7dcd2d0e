import type { MessageType } from '@timeq/mq-native';
import { usageFailure } from '../failure.js';

const HIGHEST = 2n ** 63n - 1n;

function parseLong(word: string): bigint {
  if (!/^-?(?:\d+|0x[0-9a-f]+)$/i.test(word)) {
    throw usageFailure(`'${word}' is not a message type; types are whole numbers, such as 1`);
  }
  const value = word.startsWith('-') ? -BigInt(word.slice(1)) : BigInt(word);
  if (value > HIGHEST || value < -HIGHEST) {
    throw usageFailure(`message type ${word} is out of range; the largest is ${HIGHEST}`);
  }
  return value;
}

/** The number where it is exact, otherwise the bigint. */
export function narrowMessageType(type: bigint): MessageType {
  const number = Number(type);
  return Number.isSafeInteger(number) ? number : type;
}

/** The type of a message to send: 1 to 2^63-1. */
export function parseMessageType(word: string): MessageType {
  const type = parseLong(word);
  if (type < 1n) throw usageFailure(`message type ${word} can't be sent; types start at 1`);
  return narrowMessageType(type);
}

/** A type as msgrcv(2) selects by it: 0 any, T only T, -T the lowest up to T. */
export function parseTypeSelection(word: string): MessageType {
  return narrowMessageType(parseLong(word));
}
