import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { PosixMessage } from '@timeq/mq-native/posix-queue';
import { codeOf, Failure, isDenied } from '../failure.js';
import type { JsonObject } from '../format/json.js';
import { namePosix, readQueueContents, type PosixObject } from '../model/posix/objects.js';
import { messageLine, objectLine, type PosixCopyFile } from './copy-text.js';
import { messagesIn, returnMessages } from './put-back.js';

/** Bytes in a line: those of a page, so that holes stay holes. */
const CHUNK = 4096;
/** A backup has at most 1 GiB (regular-file.ts), and base64 takes four bytes for three. */
const MOST_ALLOCATED = 700 * 2 ** 20;
/** Holes are read, too: more would take minutes. */
const MOST_BYTES = 16 * 2 ** 30;

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

function addFile(object: PosixObject, file: PosixCopyFile): void {
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

/** What undoes the taking of messages. It is given why they go back, and returns why the object stays. */
export type Undo = (why: Error) => Error;

/** Nothing was taken. */
export const keepsNothing: Undo = (why) => why;

/** Each message is in the file before the next is taken; if one can't be written, all go back into the queue. */
function addQueue(object: PosixObject, file: PosixCopyFile, drain: boolean): Undo {
  const contents = readQueueContents(object);
  if (contents === undefined) throw new Failure('this user may not see what it holds');
  const { maxMessages, maxMessageBytes, messages } = contents;
  if (messages > 0 && !drain)
    throw new Failure("its messages can't be copied without taking them; --drain takes them into the backup");
  const goBack = file.mark();
  file.add([objectLine(object, { maxMessages, maxMessageBytes })]);
  if (!drain) return keepsNothing;
  const taken: PosixMessage[] = [];
  const undo: Undo = (why) => returnMessages({ object, limits: contents }, taken, why, file.path);
  // Written, too: what can't be sent to it could not go back.
  const fd = openSync(object.path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    for (const message of messagesIn(fd, contents)) {
      taken.push(message);
      file.add([messageLine(message)]);
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    goBack();
    throw undo(error);
  } finally {
    closeSync(fd);
  }
  return undo;
}

/**
 * Adds an object with its content to a backup, or leaves the backup as it was.
 * @returns what undoes it, if the backup gets lost
 * @throws Failure; ENOSPC, EACCES and other errors of files
 */
export function addPosixCopy(object: PosixObject, file: PosixCopyFile, drain: boolean): Undo {
  try {
    if (object.kind === 'posix queue') return addQueue(object, file, drain);
    addFile(object, file);
    return keepsNothing;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw new Failure(`${namePosix(object)} is gone`);
    throw error;
  }
}
