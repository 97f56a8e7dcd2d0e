import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Candidate } from '@timeq/cli-kit/verbs/verb';
import { listBackups } from '../../backup/folder.js';
import { formatLocal } from '../../format/time.js';
import { formatSize } from '../../render/bytes.js';

/** The backups, and the files here; a path into another folder is the shell's to complete. */
export function backupWords(current: string): readonly Candidate[] | 'file' {
  if (current.includes('/')) return 'file';
  const files = readdirSync('.').filter((name) => current !== '' || !name.startsWith('.'));
  return [...backups(), ...files.map((word) => ({ word, help: 'file' }))];
}

function backups(): Candidate[] {
  try {
    return listBackups().map(({ path, time, size }) => ({
      word: basename(path),
      help: `${formatLocal(time)}, ${formatSize(size)}`,
    }));
  } catch {
    // A folder that is not to be trusted: the verb says so.
    return [];
  }
}
