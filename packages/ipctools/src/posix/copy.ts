import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import {
  sendPosixMessage,
  takePosixMessage,
  type PosixMessage,
  type PosixQueueAttributes,
} from '@timeq/mq-native/posix-queue';
import { CopyFile, type CopiedText } from '../backup/copy-file.js';
import { CHECKSUM } from '../backup/format.js';
import { codeOf, Failure, isDenied } from '../failure.js';
import type { JsonObject } from '../format/json.js';
import { version } from '../version.js';
import { namePosix, readQueueContents, type PosixObject } from '../model/posix/objects.js';

// docs/backup-format.md defines the format.

export const POSIX_FORMAT = 'timeq-posix-backup';
export const POSIX_VERSION = 1;

/** Bytes in a line: those of a page, so that holes stay holes. */
const CHUNK = 4096;
/** A backup has at most 1 GiB (regular-file.ts), and base64 takes four bytes for three. */
const MOST_ALLOCATED = 700 * 2 ** 20;
/** Holes are read, too: more would take minutes. */
const MOST_BYTES = 16 * 2 ** 30;

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

/** Creates the backup, for its owner only. @throws the errors of open(2), ENOSPC */
export function createPosixCopyFile(path: string): CopyFile<Iterable<JsonObject>> {
  return new CopyFile(path, new PosixText());
}

function objectLine({ kind, name, path, mode, uid, gid, size }: PosixObject, more: JsonObject): JsonObject {
  const file = path.subarray(path.lastIndexOf('/') + 1).toString('base64');
  return { object: { kind, name, file, mode, ownerUid: uid, groupGid: gid, size, ...more } };
}

function messageLine({ priority, body }: PosixMessage): JsonObject {
  return isUtf8(body)
    ? { priority, body: body.toString('utf8') }
    : { priority, base64: body.toString('base64') };
}

/** Opens it so that reading is no use of it, where that is allowed. */
function openForCopy(path: Buffer): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | (constants.O_NOATIME ?? 0));
  } catch (error) {
    if (!isDenied(error)) throw error;
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  }
}

/** The bytes of shared memory or a semaphore, without those that are zero. */
function* contentLines(fd: number, size: number): Generator<JsonObject> {
  const chunk = Buffer.alloc(CHUNK);
  for (let at = 0; at < size;) {
    const length = readSync(fd, chunk, 0, Math.min(CHUNK, size - at), at);
    if (length === 0) throw new Failure('it became shorter while it was copied');
    const bytes = chunk.subarray(0, length);
    if (bytes.some((byte) => byte !== 0)) yield { at, base64: bytes.toString('base64') };
    at += length;
  }
}

function addFile(object: PosixObject, file: CopyFile<Iterable<JsonObject>>): void {
  const { size, allocated, path } = object;
  if (allocated > MOST_ALLOCATED || size > MOST_BYTES)
    throw new Failure(`it is too large for a backup: ${size} bytes, ${allocated} of them in memory`);
  const fd = openForCopy(path);
  try {
    file.add(
      (function* () {
        yield objectLine(object, {});
        yield* contentLines(fd, size);
      })(),
    );
  } finally {
    closeSync(fd);
  }
}

/** Returns messages to their queue, in the order in which they were taken, before those that are still in it. */
export function putBack(
  { path }: PosixObject,
  taken: readonly PosixMessage[],
  attributes: PosixQueueAttributes,
): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    const others = [...messagesIn(fd, attributes)];
    for (const message of [...taken, ...others]) sendPosixMessage(fd, message);
  } finally {
    closeSync(fd);
  }
}

/** Takes the messages of a queue, one after the other. */
function* messagesIn(fd: number, attributes: PosixQueueAttributes): Generator<PosixMessage> {
  for (;;) {
    const message = takePosixMessage(fd, attributes);
    if (message === undefined) return;
    yield message;
  }
}

/** Messages that are in the backup only: it has to stay. */
export class Stranded extends Failure {}

/** What undoes the taking of messages. */
export type Undo = () => void;

/** Each message is in the file before the next is taken; if one can't be written, all go back into the queue. */
function addQueue(object: PosixObject, file: CopyFile<Iterable<JsonObject>>, drain: boolean): Undo {
  const contents = readQueueContents(object);
  if (contents === undefined) throw new Failure('this user may not see what it holds');
  const { maxMessages, maxMessageBytes, messages } = contents;
  if (messages > 0 && !drain)
    throw new Failure(
      'its messages can not be copied without taking them; --drain takes them into the backup',
    );
  file.add([objectLine(object, { maxMessages, maxMessageBytes })]);
  const taken: PosixMessage[] = [];
  const undo = (): void => putBack(object, taken, contents);
  if (!drain) return undo;
  const fd = openSync(object.path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    for (const message of messagesIn(fd, contents)) {
      taken.push(message);
      file.add([messageLine(message)]);
    }
  } catch (error) {
    try {
      undo();
    } catch {
      throw new Stranded('others sent to it while it was drained, and its messages are in the backup only');
    }
    throw error;
  } finally {
    closeSync(fd);
  }
  return undo;
}

/**
 * Adds an object with its content to a backup.
 * @returns what undoes it, if the backup gets lost
 * @throws Failure; ENOSPC, EACCES and other errors of files
 */
export function addPosixCopy(
  object: PosixObject,
  file: CopyFile<Iterable<JsonObject>>,
  drain: boolean,
): Undo {
  try {
    if (object.kind === 'posix queue') return addQueue(object, file, drain);
    addFile(object, file);
    return () => {};
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new Failure(`${namePosix(object)} is gone`);
    throw error;
  }
}
