import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { PosixMessage } from '@timeq/mq-native/posix-queue';
import { CopyFile, type CopiedText } from '../backup/copy-file.js';
import { CHECKSUM } from '../backup/format.js';
import type { JsonObject } from '../format/json.js';
import { version } from '../version.js';
import type { PosixObject } from '../model/posix/objects.js';

// docs/backup-format.md defines the format.

export const POSIX_FORMAT = 'timeq-posix-backup';
export const POSIX_VERSION = 1;

/** The text of a backup of POSIX objects, and its checksum. */
class PosixText implements CopiedText<Iterable<JsonObject>> {
  #hash = createHash(CHECKSUM);
  #objects = 0;

  *header(created: Date): Generator<string> {
    const by = `ipctools ${version()}`;
    yield* this.section([
      { format: POSIX_FORMAT, version: POSIX_VERSION, created: created.toISOString(), by },
    ]);
  }

  *section(lines: Iterable<JsonObject>): Generator<string> {
    for (const line of lines) {
      if ('object' in line) this.#objects += 1;
      const text = `${JSON.stringify(line)}\n`;
      this.#hash.update(text);
      yield text;
    }
  }

  *end(): Generator<string> {
    yield `${JSON.stringify({ objects: this.#objects, [CHECKSUM]: this.#hash.copy().digest('hex') })}\n`;
  }

  mark(): () => void {
    const [hash, objects] = [this.#hash.copy(), this.#objects];
    return () => {
      this.#hash = hash.copy();
      this.#objects = objects;
    };
  }
}

export type PosixCopyFile = CopyFile<Iterable<JsonObject>>;

/** Creates the backup, for its owner only. @throws the errors of open(2), ENOSPC */
export function createPosixCopyFile(path: string): PosixCopyFile {
  return new CopyFile(path, new PosixText());
}

export function objectLine(
  { kind, name, path, mode, uid, gid, size }: PosixObject,
  more: JsonObject,
): JsonObject {
  const file = path.subarray(path.lastIndexOf('/') + 1).toString('base64');
  return { object: { kind, name, file, mode, ownerUid: uid, groupGid: gid, size, ...more } };
}

export function messageLine({ priority, body }: PosixMessage): JsonObject {
  return isUtf8(body)
    ? { priority, body: body.toString('utf8') }
    : { priority, base64: body.toString('base64') };
}
