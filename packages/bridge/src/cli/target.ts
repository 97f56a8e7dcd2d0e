import { readQueueTarget, refuseMore, WHICH_QUEUE } from '@timeq/cli-kit/args/queue-target';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { formatKey, GoneError, IpcError, MessageQueue, type Key } from '@timeq/mq-native';
import { BridgeError } from '../bridge-error.js';

/** The one word that names the queue. @throws UsageError */
export function onlyWord(words: readonly string[]): string {
  const [word, ...more] = words;
  if (word === undefined) throw new UsageError(WHICH_QUEUE);
  refuseMore(more);
  return word;
}

/** The queue that a word names: `0x80` is a key and always hexadecimal, `5` is an id. @throws UsageError, BridgeError */
export function openQueue(word: string): MessageQueue {
  const target = readQueueTarget(word);
  try {
    return target.by === 'key' ? MessageQueue.open(target.key) : MessageQueue.fromId(target.id);
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
    if (!(error instanceof GoneError) && error.code !== 'ENOENT') throw error;
    const [named, next] =
      target.by === 'key'
        ? [`key ${formatKey(target.key)}`, `\`ipctools create --key ${formatKey(target.key)}\` creates one`]
        : [`id ${target.id}`, '`ipctools list` shows those that exist'];
    throw new BridgeError(
      'NOT_THERE',
      `no queue has ${named} in this IPC namespace (a container has its own); ${next}`,
    );
  }
}

/** The key of a queue, which may be gone. @throws UsageError, BridgeError */
export function readQueueKey(word: string): Key {
  const target = readQueueTarget(word);
  if (target.by === 'key') return target.key;
  const { key } = openQueue(word);
  if (key !== undefined && key !== 0) return key;
  throw new BridgeError('WRONG_SETTING', `queue ${word} has no key, and so no bridge`);
}
