import { CopyText } from '../backup/copy-text.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { note } from '@timeq/cli-kit/output/notes';
import { CopyFile } from '../backup/copy-file.js';
import type { QueueCopy } from '../backup/queue-copy.js';
import { backupFrom } from '../cleaning/clean.js';
import { codeOf } from '../failure.js';
import { Owners } from '../model/owners.js';

/** Writes copies into a new file, which is on disk when this returns. @throws UsageError if the file exists; ENOSPC */
export function writeCopies(path: string, copies: readonly QueueCopy[], owners = new Owners()): void {
  const file = createCopyFile(path, owners);
  try {
    for (const copy of copies) file.add(copy);
  } catch (error) {
    file.discard();
    throw error;
  }
  file.close();
}

function createCopyFile(path: string, owners: Owners): CopyFile {
  try {
    return new CopyFile(path, new CopyText(owners));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new UsageError(`${path} exists already and is not overwritten; give another name`);
  }
}

/**
 * Saves messages before they are taken out of their queue, unless --no-backup (false) says not to.
 * @returns the path of the backup
 */
export function saveChosen(
  copy: QueueCopy,
  option: string | boolean | undefined,
  verb: 'purge' | 'move',
): string | undefined {
  const backup = backupFrom(option, verb);
  if (backup === 'none') {
    if (verb === 'purge') note('ipctools: --no-backup purges without a copy');
    return undefined;
  }
  const path = backup.choosePath();
  writeCopies(path, [copy]);
  return path;
}
