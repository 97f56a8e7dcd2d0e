import { formatKey, type Key } from '@timeq/mq-native';

/** The key as sentences name it: `key 0x00000080 (128)`. */
export function named(key: Key): string {
  return `key ${formatKey(key)} (${key})`;
}
