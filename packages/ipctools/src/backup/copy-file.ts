import { closeSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Owners } from '../model/owners.js';
import { CopyText } from './copy-text.js';
import type { QueueCopy } from './queue-copy.js';

/** Bytes that are gathered before a write. */
const CHUNK = 64 * 1024;

/**
 * A backup file while it is written. After each queue comes the checksum, which the next queue overwrites. So the file
 * is complete after each queue, and a full disk can't come between the last queue and the checksum. Remove nothing
 * before `close` has returned: only then is the file on disk.
 */
export class CopyFile {
  readonly path: string;
  readonly #fd: number;
  readonly #text: CopyText;
  /** Where the checksum begins. */
  #end = 0;

  /** Creates the file, for its owner only. @throws EEXIST and the other errors of open(2), ENOSPC */
  constructor(path: string, owners: Owners) {
    this.path = path;
    this.#text = new CopyText(owners);
    this.#fd = openSync(path, 'wx', 0o600);
    try {
      this.#append(this.#text.header(new Date()));
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** Adds a queue, or leaves the file as it was. @throws ENOSPC, EFBIG, EDQUOT, EIO */
  add(copy: QueueCopy): void {
    const goBack = this.#text.mark();
    try {
      this.#append(this.#text.section(copy));
    } catch (error) {
      goBack();
      ftruncateSync(this.#fd, this.#end);
      this.#append([]);
      throw error;
    }
  }

  /** Syncs all of it to disk. @throws EIO and similar errors; the file is then deleted */
  close(): void {
    try {
      ftruncateSync(this.#fd, this.#end + this.#write(this.#text.end(), this.#end));
      fsyncSync(this.#fd);
    } catch (error) {
      this.discard();
      throw error;
    }
    closeSync(this.#fd);
    syncFolder(dirname(this.path));
  }

  discard(): void {
    closeSync(this.#fd);
    rmSync(this.path, { force: true });
  }

  /** Writes these lines and, behind them, the checksum. */
  #append(lines: Iterable<string>): void {
    const end = this.#end + this.#write(lines, this.#end);
    this.#write(this.#text.end(), end);
    this.#end = end;
  }

  /** @returns how many bytes were written */
  #write(lines: Iterable<string>, at: number): number {
    let bytes = 0;
    let gathered = '';
    const deliver = (): void => {
      bytes += this.#writeAll(Buffer.from(gathered), at + bytes);
      gathered = '';
    };
    for (const line of lines) {
      gathered += line;
      if (gathered.length >= CHUNK) deliver();
    }
    deliver();
    return bytes;
  }

  #writeAll(bytes: Buffer, at: number): number {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, at + done);
    }
    return bytes.length;
  }
}

// The name is in the folder, and the folder has to be synced as well.
function syncFolder(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } catch {
    // Some file systems can't; then no more can be done.
  } finally {
    closeSync(fd);
  }
}
