import { readProjectId } from './project-id.js';
import { UsageError } from './usage-error.js';

/** What ftok makes a key of. */
interface KeyPlace {
  readonly path: string;
  readonly projectId: number;
}

/** --path and --project-id; undefined where neither is given. @throws UsageError */
export function readKeyPlace({
  key,
  path,
  projectId,
}: Readonly<Partial<Record<string, unknown>>>): KeyPlace | undefined {
  if (path === undefined && projectId === undefined) return undefined;
  if (key !== undefined) throw new UsageError('give either --key, or --path and --project-id, not both');
  if (typeof path !== 'string') throw new UsageError('--project-id needs the --path of a file as well');
  if (typeof projectId !== 'string')
    throw new UsageError('--path needs a --project-id from 1 to 255 as well');
  return { path, projectId: readProjectId(projectId) };
}

/** The key that `ftok` makes of a place. @throws UsageError if the file is not there */
export function keyOfPlace(
  { path, projectId }: KeyPlace,
  ftok: (path: string, projectId: number) => number,
): number {
  try {
    return ftok(path, projectId);
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new UsageError(`--path '${path}' cannot be made into a key: ${error.message}`, { cause: error });
  }
}
