import { lstatSync, opendirSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { Key } from '@timeq/mq-native';
import { codeOf } from '../failure.js';

/**
 * The lower 24 bits of ftok's key, which come from the file alone: 8 bits of its device and 16 of its inode (glibc
 * and musl; the project id is above them). Many files share them: a match is a hint, no proof.
 */
function fileBits({ dev, ino }: BigIntStats): number {
  return Number(((dev & 0xffn) << 16n) | (ino & 0xffffn));
}

interface FtokSearch {
  readonly matches: readonly string[];
  /** Paths that could not be inspected, and why (`EACCES`). */
  readonly failures: readonly { readonly path: string; readonly code: string }[];
}

/** Looks for the files from which ftok makes this key, at the paths and below those that are directories. */
export function findFtokFiles(key: Key, paths: readonly string[]): FtokSearch {
  const matches: string[] = [];
  const failures: { path: string; code: string }[] = [];
  const wanted = key & 0xff_ffff;
  const look = (path: string, stat: typeof statSync): void => {
    try {
      const found = stat(path, { bigint: true });
      if (fileBits(found) === wanted) matches.push(path);
      if (!found.isDirectory()) return;
      const directory = opendirSync(path);
      try {
        // ftok follows links, but a search that did would go in circles.
        for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
          look(join(path, entry.name), lstatSync);
        }
      } finally {
        directory.closeSync();
      }
    } catch (error) {
      failures.push({ path, code: codeOf(error) ?? String(error) });
    }
  };
  for (const path of paths) look(path, statSync);
  return { matches, failures };
}
