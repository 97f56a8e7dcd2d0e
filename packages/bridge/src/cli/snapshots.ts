import { formatKey, type Key } from '@timeq/mq-native';
import type { SlotDirection } from '@timeq/mq-native/message-slots';
import { BridgeError } from '../bridge-error.js';
import { snapshotOf, type SlotSnapshot } from '../slots/snapshot.js';

export const DIRECTIONS: readonly SlotDirection[] = ['out', 'in'];

/** The slots of a queue in both directions, as far as there are any. @throws BridgeError NOT_THERE if there are none */
export function snapshotsOf(key: Key): readonly SlotSnapshot[] {
  const found = DIRECTIONS.flatMap((direction) => snapshotOf(key, direction) ?? []);
  if (found.length === 0) throw noSlots(key);
  return found;
}

export function noSlots(key: Key): BridgeError {
  const name = formatKey(key);
  return new BridgeError(
    'NOT_THERE',
    `key ${name} has no slots: no bridge has run there since the machine started, or the slots were removed; ` +
      `\`timeq-bridge out ${name} --stream NAME\` starts one`,
  );
}
