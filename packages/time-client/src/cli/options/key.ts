import { readProjectId } from '@timeq/cli-kit/args/project-id';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { Key } from '@timeq/mq-native';

/**
 * The key that ftok makes of `--path` and `--project-id`.
 *
 * @throws UsageError when the file is not there
 */
export async function keyOfPath(path: string, projectId: string): Promise<Key> {
  const id = readProjectId(projectId);
  const { ftok, IpcError } = await import('@timeq/mq-native');
  try {
    return ftok(path, id);
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
    throw new UsageError(`--path ${JSON.stringify(path)} makes no key: ${error.message}`);
  }
}
