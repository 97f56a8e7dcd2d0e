import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { readDuration } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { backupFolder, readBackupFolder, type BackupFile } from '../../backup/folder.js';
import { readCopies } from '../../backup/read-copies.js';
import { EXIT, type ExitCode } from '../../exit-code.js';
import { explain, usageFailure } from '../../failure.js';
import { formatBytes, formatSize } from '../../render/bytes.js';
import { formatCount } from '../../format/count.js';
import { type JsonObject } from '../../format/json.js';
import { JsonLists } from '../../render/json-lists.js';
import { writeTable, type TextColumn } from '../../render/table.js';
import { formatIso, formatLocal } from '../../format/time.js';
import { requireConsent } from '../consent.js';
import { note, noteGivenUp } from '../terminal/notes.js';
import { Output } from '../terminal/output.js';
import { screenOf } from '../terminal/screen.js';

export interface BackupsOptions {
  readonly prune?: true;
  readonly olderThan?: string;
  readonly keep?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** What a file holds, or why that can't be known. */
interface ReadBackup extends BackupFile {
  readonly content: { readonly queues: number; readonly messages: number } | { readonly fault: string };
}

function readContent(path: string): ReadBackup['content'] {
  try {
    const { queues } = readCopies(path);
    return {
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
  return `${formatCount(content.queues, 'queue')}, ${formatCount(content.messages, 'message')}`;
}

const COLUMNS: readonly TextColumn<ReadBackup>[] = [
  { label: 'FILE', align: 'left', priority: 3, shrinksTo: undefined, text: ({ path }) => basename(path) },
  {
    label: 'WRITTEN',
    align: 'left',
    priority: 0,
    shrinksTo: undefined,
    text: ({ time }) => formatLocal(time),
  },
  {
    label: 'BYTES',
    align: 'right',
    priority: 1,
    shrinksTo: undefined,
    text: ({ size }) => formatBytes(size),
  },
  { label: 'CONTENT', align: 'left', priority: 2, shrinksTo: 20, text: contentText },
];

function backupJson({ path, size, time, content }: ReadBackup): JsonObject {
  const known =
    'fault' in content ? { queues: null, messages: null, fault: content.fault } : { ...content, fault: null };
  return { path, bytes: size, time: formatIso(time), timeEpoch: time, ...known };
}

async function write(
  files: readonly BackupFile[],
  name: string,
  output: Output,
  json: boolean,
): Promise<void> {
  const read = files.map((file): ReadBackup => ({ ...file, content: readContent(file.path) }));
  if (json) {
    const lists = new JsonLists(output);
    await lists.list(
      name,
      read.map((file) => jsonText(backupJson(file))),
    );
    await lists.end();
    return;
  }
  const screen = screenOf();
  if (read.length > 0) noteGivenUp(await writeTable(read, COLUMNS, { header: true, screen, output }), screen);
  await output.flush();
}

/** Those that go: beyond the --keep newest, and written longer ago than --older-than. */
function chooseForPruning(files: readonly BackupFile[], { keep, olderThan }: BackupsOptions): BackupFile[] {
  if (keep === undefined && olderThan === undefined)
    throw usageFailure('prune which? Give --older-than 30d, or --keep 10 for the newest ten');
  const newest = keep === undefined ? 0 : readCount(keep, 'number of files', 0);
  const age = olderThan === undefined ? 0 : readDuration(olderThan) / 1000;
  const latest = Date.now() / 1000 - age;
  return files.filter(({ time }, index) => index >= newest && time <= latest);
}

export async function run(words: readonly string[], options: BackupsOptions): Promise<ExitCode> {
  if (words.length > 0) throw usageFailure(`backups takes no words; '${words.join(' ')}' is too much`);
  const prunes = options.prune === true;
  if (!prunes && (options.keep ?? options.olderThan) !== undefined)
    throw usageFailure('--keep and --older-than belong to --prune');
  const { files, strangers } = readBackupFolder();
  for (const path of strangers) note(`ipctools: ${path} is no regular file of yours, and was passed over`);
  const chosen = prunes ? chooseForPruning(files, options) : files;
  const output = new Output();
  const json = options.json === true;
  if (prunes && !json) await write(chosen, 'backups', output, false);
  const removes = prunes && options.dryRun !== true && chosen.length > 0;
  if (removes) await requireConsent(`Delete ${formatCount(chosen.length, 'backup')}?`, options.yes === true);
  // One that somebody else has deleted meanwhile is gone as well.
  if (removes) for (const { path } of chosen) rmSync(path, { force: true });
  if (json) {
    const deletes = prunes && options.dryRun !== true;
    await (deletes ? writePruned(chosen, output) : write(chosen, 'backups', output, true));
    return EXIT.done;
  }
  if (!prunes) {
    await write(files, 'backups', output, false);
    await output.write(`${formatCount(files.length, 'backup')} in ${escapeText(backupFolder())}\n`);
  } else {
    const size = chosen.reduce((sum, file) => sum + file.size, 0);
    const verb = removes || options.dryRun !== true ? 'deleted' : 'would delete';
    await output.write(`${verb} ${formatCount(chosen.length, 'backup')}, ${formatSize(size)}\n`);
  }
  await output.flush();
  return EXIT.done;
}

async function writePruned(files: readonly BackupFile[], output: Output): Promise<void> {
  const lists = new JsonLists(output);
  await lists.list(
    'deleted',
    files.map(({ path, size }) => jsonText({ path, bytes: size })),
  );
  await lists.end();
}
