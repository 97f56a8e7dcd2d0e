import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { codeOf } from '../failure.js';

/** Names of files that `clean` and `remove` made: when, by whom, and the pid that keeps two of one second apart. */
const NAME = /^\d{8}T\d{6}Z-(?:clean|remove)-\d+\.jsonl$/;

/** Where copies go: $XDG_STATE_HOME/timeq/backups (XDG Base Directory Specification: a relative path is ignored). */
export function backupFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { XDG_STATE_HOME: state = '' } = environment;
  return join(isAbsolute(state) ? state : join(homedir(), '.local', 'state'), 'timeq', 'backups');
}

/** A name in the backup folder, which is made if need be. @throws EACCES, EROFS, ENOSPC */
export function newBackupPath(verb: 'clean' | 'remove', now = new Date()): string {
  const folder = backupFolder();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
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

/** The files that `clean` and `remove` left there, the newest first; none if there is no folder. @throws EACCES */
export function listBackups(folder = backupFolder()): BackupFile[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter((name) => NAME.test(name))
    .map((name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = statSync(path);
      return { path, size, time: Math.floor(mtimeMs / 1000) };
    })
    .toSorted((a, b) => b.time - a.time || (a.path < b.path ? 1 : -1));
}
