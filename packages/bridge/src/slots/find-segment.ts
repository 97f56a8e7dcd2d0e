import { formatKey, IpcError, SharedMemory, type Key } from '@timeq/mq-native';
import { BridgeError } from '../bridge-error.js';

/** The segment at a key, or undefined if there is none. */
export function openSegment(key: Key): SharedMemory | undefined {
  try {
    return SharedMemory.open(key);
  } catch (error) {
    if (error instanceof IpcError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Why the slots of a queue can't be used. */
export function explainSlots(error: unknown, queueKey: Key): unknown {
  if (!(error instanceof IpcError)) return error;
  const code = error.code === 'EACCES' || error.code === 'EPERM' ? 'NOT_PERMITTED' : 'FAILED';
  return new BridgeError(code, `no slots for key ${formatKey(queueKey)}: ${error.message}`, { cause: error });
}
