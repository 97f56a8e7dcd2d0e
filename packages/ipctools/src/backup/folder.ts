import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { codeOf, Failure } from '../failure.js';
import { makeFolder, stateFolder } from './state-folder.js';

/**
 * Names of files that these verbs made: when, by whom, and the pid that keeps two of one second apart; `rest`: messages
 * for which their POSIX queue had no room any more.
 */
const NAME = /^\d{8}T\d{6}Z-(?:clean|remove|purge|move)-\d+(?:-rest-\d+)?\.jsonl$/;

/** The verbs that make a backup first. */
export type SavingVerb = 'clean' | 'remove' | 'purge' | 'move';

/** $XDG_STATE_HOME/timeq/backups */
export function backupFolder(environment?: NodeJS.ProcessEnv): string {
  return join(stateFolder(environment), 'backups');
}

/** Whether the word is a name that `backups` lists. */
export function isBackupName(word: string): boolean {
  return NAME.test(word);
}

/** A new name in the backup folder, which is created if needed. @throws Failure; EACCES, EROFS, ENOSPC */
export function newBackupPath(verb: SavingVerb, now = new Date()): string {
  const folder = backupFolder();
  makeFolder(folder);
  checkFolder(folder);
  const moment = now.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
  return join(folder, `${moment}-${verb}-${process.pid}.jsonl`);
}

/** A file in the backup folder. */
export interface BackupFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** When it was written, in seconds since the epoch. */
  readonly time: number;
}

/** The content of the backup folder. */
interface BackupFolder {
  /** The files of these verbs, the newest first. */
  readonly files: readonly BackupFile[];
  /** Entries with such a name that are not regular files of this user. */
  readonly strangers: readonly string[];
}

/** Reads the backup folder; empty if there is none. @throws Failure; EACCES */
export function readBackupFolder(folder = backupFolder()): BackupFolder {
  let names: string[];
  try {
    checkFolder(folder);
    names = readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { files: [], strangers: [] };
    throw error;
  }
  const files: BackupFile[] = [];
  const strangers: string[] = [];
  for (const name of names.filter(isBackupName)) {
    const path = join(folder, name);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    // Another process deleted it meanwhile.
    if (stats === undefined) continue;
    if (!stats.isFile() || !isOwn(stats)) strangers.push(path);
    else files.push({ path, size: stats.size, time: Math.floor(stats.mtimeMs / 1000) });
  }
  return { files: files.toSorted((a, b) => b.time - a.time || (a.path < b.path ? 1 : -1)), strangers };
}

/** The files of these verbs, the newest first; none if there is no folder. @throws Failure; EACCES */
export function listBackups(folder = backupFolder()): readonly BackupFile[] {
  return readBackupFolder(folder).files;
}

function isOwn({ uid }: Stats): boolean {
  return uid === process.geteuid?.();
}

/** A folder that other users can write is no place for messages, and its files need not be backups. */
function checkFolder(folder: string): void {
  const descriptor = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const stats = fstatSync(descriptor);
    const fault = isOwn(stats)
      ? (stats.mode & 0o022) === 0
        ? undefined
        : 'can be written by other users; take that from them with chmod go-w'
      : `belongs to user ${stats.uid}`;
    if (fault === undefined) return;
    throw new Failure(
      `the backup folder ${folder} ${fault}, or set XDG_STATE_HOME to another folder; nothing done`,
      'NOT_PERMITTED',
    );
  } finally {
    closeSync(descriptor);
  }
}
