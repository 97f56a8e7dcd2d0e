import { closeSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { QueueCopy } from './queue-copy.js';

/** Bytes that are gathered before a write. */
const CHUNK = 64 * 1024;

/** The text of a backup, piece by piece, and its checksum. */
export interface CopiedText<Copy> {
  header(created: Date): Iterable<string>;
  section(copy: Copy): Iterable<string>;
  end(): Iterable<string>;
  /** The previous state, to return to if the next section can't be written. */
  mark(): () => void;
}

/**
 * A backup file while it is written. After each queue comes the checksum, which the next queue overwrites. So the file
 * is complete after each queue, and a full disk can't come between the last queue and the checksum. Remove nothing
 * before `close` has returned: only then is the file on disk.
 */
export class CopyFile<Copy = QueueCopy> {
  readonly path: string;
  readonly #fd: number;
  readonly #text: CopiedText<Copy>;
  /** Where the checksum begins. */
  #end = 0;

  /** Creates the file, for its owner only. @throws EEXIST and the other errors of open(2), ENOSPC */
  constructor(path: string, text: CopiedText<Copy>) {
    this.path = path;
    this.#text = text;
    this.#fd = openSync(path, 'wx', 0o600);
    try {
      this.#append(this.#text.header(new Date()));
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** Adds a queue, or leaves the file as it was. @throws ENOSPC, EFBIG, EDQUOT, EIO */
  add(copy: Copy): void {
    const rewind = this.mark();
    try {
      this.#append(this.#text.section(copy));
    } catch (error) {
      rewind();
      throw error;
    }
  }

  /** The file as it is now, to return to. */
  mark(): () => void {
    const rewindText = this.#text.mark();
    const end = this.#end;
    return () => {
      rewindText();
      this.#end = end;
      ftruncateSync(this.#fd, end);
      this.#append([]);
    };
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
    const bytes = this.#write(lines, this.#end);
    this.#write(this.#text.end(), this.#end + bytes);
    this.#end += bytes;
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
