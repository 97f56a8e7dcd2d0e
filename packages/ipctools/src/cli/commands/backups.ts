import { escapeText } from '@timeq/cli-kit/text/escape';
import { readDuration } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { backupFolder, readBackupFolder, type BackupFile } from '../../backup/folder.js';
import { readCopies } from '../../backup/read-copies.js';
import { isPosixBackup, readPosixCopies } from '../../posix/restore.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { explain } from '../explain.js';
import { formatBytes, formatSize } from '../../render/bytes.js';
import { formatCount } from '../../format/count.js';
import { type JsonObject } from '../../format/json.js';
import { writeJsonList } from '@timeq/cli-kit/output/json-lists';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';
import { formatIso, formatLocal } from '../../format/time.js';
import { requireConsent } from '../consent.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';

interface BackupsOptions {
  readonly prune?: true;
  readonly olderThan?: string;
  readonly keep?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** The content of a file, or why it is unknown. */
interface ReadBackup extends BackupFile {
  readonly content:
    | { readonly queues: number; readonly messages: number; readonly posix: number }
    | { readonly fault: string };
}

function readContent(path: string): ReadBackup['content'] {
  try {
    if (isPosixBackup(path)) {
      const copies = readPosixCopies(path);
      const taken = copies.reduce((sum, { messages }) => sum + messages.length, 0);
      return { queues: 0, messages: taken, posix: copies.length };
    }
    const { queues } = readCopies(path);
    return {
      posix: 0,
      queues: queues.length,
      messages: queues.reduce((sum, { messages }) => sum + messages.length, 0),
    };
  } catch (error) {
    const failure = explain(error);
    if (failure === undefined) throw error;
    return { fault: failure.message };
  }
}

function contentText({ content }: ReadBackup): string {
  if ('fault' in content) return escapeText(content.fault);
  const what =
    content.posix > 0 ? formatCount(content.posix, 'POSIX object') : formatCount(content.queues, 'queue');
  return `${what}, ${formatCount(content.messages, 'message')}`;
}

const COLUMNS: readonly TextColumn<ReadBackup>[] = [
  { label: 'FILE', priority: 3, text: ({ path }) => basename(path) },
  {
    label: 'WRITTEN',
    priority: 0,
    text: ({ time }) => formatLocal(time),
  },
  {
    label: 'BYTES',
    align: 'right',
    priority: 1,
    text: ({ size }) => formatBytes(size),
  },
  { label: 'CONTENT', priority: 2, shrinksTo: 20, text: contentText },
];

function backupJson({ path, size, time, content }: ReadBackup): JsonObject {
  const known =
    'fault' in content
      ? { queues: null, messages: null, posix: null, fault: content.fault }
      : { ...content, fault: null };
  return { path, bytes: size, time: formatIso(time), timeEpoch: time, ...known };
}

async function write(files: readonly BackupFile[], output: Output, json: boolean): Promise<void> {
  const read = files.map((file): ReadBackup => ({ ...file, content: readContent(file.path) }));
  if (json) {
    await writeJsonList(output, 'backups', read.map(backupJson));
    return;
  }
  if (read.length > 0) await writeTable(read, COLUMNS, output);
  await output.flush();
}

/** The backups to delete: beyond the --keep newest, and older than --older-than. */
function chooseForPruning(files: readonly BackupFile[], { keep, olderThan }: BackupsOptions): BackupFile[] {
  if (keep === undefined && olderThan === undefined)
    throw new UsageError('--prune needs --older-than (such as 30d), --keep (such as 10), or both');
  const newest = keep === undefined ? 0 : readCount(keep, 'number of files', 0);
  const age = olderThan === undefined ? 0 : readDuration(olderThan) / 1000;
  const latest = Date.now() / 1000 - age;
  return files.filter(({ time }, index) => index >= newest && time <= latest);
}

export async function run(_words: readonly string[], options: BackupsOptions): Promise<number> {
  const prunes = options.prune === true;
  if (!prunes && (options.keep ?? options.olderThan) !== undefined)
    throw new UsageError('--keep and --older-than belong to --prune');
  const { files, strangers } = readBackupFolder();
  for (const path of strangers) note(`ipctools: skipped ${path}: it is not a regular file that you own`);
  const chosen = prunes ? chooseForPruning(files, options) : files;
  const output = new Output();
  const json = options.json === true;
  if (prunes && !json) await write(chosen, output, false);
  const removes = prunes && options.dryRun !== true && chosen.length > 0;
  if (removes) await requireConsent(`Delete ${formatCount(chosen.length, 'backup')}?`, options.yes === true);
  // One that another process has deleted meanwhile is gone as well.
  if (removes) for (const { path } of chosen) rmSync(path, { force: true });
  if (json) {
    const deletes = prunes && options.dryRun !== true;
    if (!deletes) await write(chosen, output, true);
    else
      await writeJsonList(
        output,
        'deleted',
        chosen.map(({ path, size }) => ({ path, bytes: size })),
      );
    return EXIT.done;
  }
  if (!prunes) {
    await write(files, output, false);
    const count = files.length === 0 ? 'no backups' : formatCount(files.length, 'backup');
    await output.write(`${count} in ${escapeText(backupFolder())}\n`);
  } else {
    const size = chosen.reduce((sum, file) => sum + file.size, 0);
    const verb = removes || options.dryRun !== true ? 'deleted' : 'would delete';
    await output.write(`${verb} ${formatCount(chosen.length, 'backup')}, ${formatSize(size)}\n`);
  }
  await output.flush();
  return EXIT.done;
}
