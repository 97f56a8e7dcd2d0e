import type { MessageType } from '@timeq/mq-native';

/** Whether msgrcv(2) could take a message of that type: 0 any, T only T, -T every type up to T. */
export function selects(selection: MessageType, type: MessageType): boolean {
  const wanted = BigInt(selection);
  if (wanted === 0n) return true;
  return wanted > 0n ? BigInt(type) === wanted : BigInt(type) <= -wanted;
}
