import type { Key } from '@timeq/mq-native';
import { readInteger, parseInteger } from './integer.js';
import { UsageError } from './usage-error.js';

/**
 * Reads `--key`: decimal or `0x`, signed or unsigned 32 bits.
 *
 * @throws UsageError, also for key 0 (IPC_PRIVATE), under which nobody can find a queue
 */
export function parseKey(text: string): Key {
  const key = readInteger(text);
  if (key === undefined || key < -(2 ** 31) || key >= 2 ** 32) {
    throw new UsageError(
      `--key needs a whole number of 32 bits such as 128 or 0x80, not ${JSON.stringify(text)}`,
    );
  }
  if (key === 0)
    throw new UsageError('--key 0 is IPC_PRIVATE, which no other program can open; take another');
  return key >>> 0;
}

/**
 * The key that ftok makes of `--path` and `--project-id`.
 *
 * @throws UsageError when the file is not there
 */
export async function keyOfPath(path: string, projectId: string): Promise<Key> {
  const id = parseInteger('--project-id', projectId, 1, 255);
  const { ftok, IpcError } = await import('@timeq/mq-native');
  try {
    return ftok(path, id);
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
    throw new UsageError(`--path ${JSON.stringify(path)} makes no key: ${error.message}`);
  }
}
