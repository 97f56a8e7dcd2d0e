import { IpcError, MessageQueue, type Key } from '@timeq/mq-native';
import { BridgeError } from './bridge-error.js';

/** The queue at a key, or undefined if there is none. */
export function queueAt(key: Key): MessageQueue | undefined {
  try {
    return MessageQueue.open(key);
  } catch (error) {
    if (error instanceof IpcError && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Why a queue can't be used. */
export function explainQueue(error: IpcError): BridgeError {
  const options = { cause: error };
  if (error.code === 'EACCES') return new BridgeError('NOT_PERMITTED', error.message, options);
  if (error.code === 'E2BIG') {
    return new BridgeError(
      'FAILED',
      `a message is longer than a slot, which is as long as a message could be when the slots were made; start the bridge again (${error.message})`,
      options,
    );
  }
  if (error.code === 'ENOSYS') {
    return new BridgeError(
      'FAILED',
      `this kernel lacks what a bridge needs to lose nothing (MSG_COPY of CONFIG_CHECKPOINT_RESTORE): ${error.message}`,
      options,
    );
  }
  return new BridgeError('FAILED', error.message, options);
}
