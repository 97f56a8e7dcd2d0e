import { readNamingKey } from '@timeq/cli-kit/args/key';
import { readObjectId } from '@timeq/cli-kit/args/object-id';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { formatKey, GoneError, IpcError, MessageQueue, type Key } from '@timeq/mq-native';
import { BridgeError } from '../bridge-error.js';

/** The one word that names the queue. @throws UsageError */
export function onlyWord(words: readonly string[]): string {
  const [word, excess] = words;
  if (word === undefined) {
    throw new UsageError('which queue? Give a key as 0x80 or an id as 5 (see `ipctools list`)');
  }
  if (excess !== undefined) throw new UsageError(`one queue at a time; '${excess}' is too much`);
  return word;
}

/** The queue that a word names: `0x80` is a key and always hexadecimal, `5` is an id. @throws UsageError, BridgeError */
export function openQueue(word: string): MessageQueue {
  const target = parseTarget(word);
  try {
    return 'key' in target ? MessageQueue.open(target.key) : MessageQueue.fromId(target.id);
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
    if (!(error instanceof GoneError) && error.code !== 'ENOENT') throw error;
    const [named, next] =
      'key' in target
        ? [`key ${formatKey(target.key)}`, `\`ipctools create --key ${formatKey(target.key)}\` makes one`]
        : [`id ${target.id}`, '`ipctools list` shows those that exist'];
    throw new BridgeError(
      'NOT_THERE',
      `no queue has ${named} in this IPC namespace (a container has its own); ${next}`,
    );
  }
}

/** The key of a queue, which may be gone. @throws UsageError, BridgeError */
export function readQueueKey(word: string): Key {
  const target = parseTarget(word);
  if ('key' in target) return target.key;
  const { key } = openQueue(word);
  if (key !== undefined && key !== 0) return key;
  throw new BridgeError('WRONG_SETTING', `queue ${word} has no key, and so no bridge`);
}

function parseTarget(word: string): { readonly key: Key } | { readonly id: number } {
  if (/^0x/i.test(word)) return { key: readNamingKey(word) };
  if (/^\d+$/.test(word)) return { id: readObjectId(word) };
  throw new UsageError(`'${word}' names no queue; write a key as 0x80 or an id as 5 (see \`ipctools list\`)`);
}
