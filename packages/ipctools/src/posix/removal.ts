import { unlinkSync } from 'node:fs';
import { asFailure, Failure } from '../failure.js';
import { addPosixCopy, keepsNothing, type Undo } from './copy.js';
import { createPosixCopyFile } from './copy-text.js';
import { lookAgainAt, readQueueContents, type PosixObject } from '../model/posix/objects.js';

/** The result of a removal of POSIX objects. */
export interface PosixRemoval {
  readonly removed: readonly PosixObject[];
  /** Those that stay, each with the reason. */
  readonly failed: readonly { readonly object: PosixObject; readonly error: Error }[];
  /** The path of the backup. */
  readonly backup: string | undefined;
}

/** What has to be as it was: to copy shared memory may change when it was last read. */
const COMPARED = ['mode', 'uid', 'gid', 'size', 'modifyTime'] as const;

/** Whether it is as it was listed; a queue that was drained may have another time, but no message. */
function checkUnchanged(object: PosixObject, now: PosixObject, drained: boolean): void {
  const changes = COMPARED.filter(
    (field) => now[field] !== object[field] && !(drained && field === 'modifyTime'),
  );
  if (changes.length > 0) throw new Failure(`it was used since it was listed (${changes.join(', ')})`);
  if (object.kind === 'posix queue' && readQueueContents(now)?.messages !== 0)
    throw new Failure('it was sent a message meanwhile');
}

/** An object that can go. */
interface SavedObject {
  readonly object: PosixObject;
  /** Gives back what was taken out of it, if it stays. */
  readonly undo: Undo;
}

interface Saved {
  readonly saved: readonly SavedObject[];
  readonly failed: { object: PosixObject; error: Error }[];
  readonly path: string | undefined;
}

/** Saves objects into one backup; those that could not be saved are in `failed`. */
function saveAll(objects: readonly PosixObject[], choosePath: () => string, drain: boolean): Saved {
  const saved: SavedObject[] = [];
  const failed: { object: PosixObject; error: Error }[] = [];
  const file = createPosixCopyFile(choosePath());
  for (const object of objects) {
    try {
      saved.push({ object, undo: addPosixCopy(object, file, drain) });
    } catch (error) {
      failed.push({ object, error: known(error) });
    }
  }
  if (saved.length === 0) {
    file.discard();
    return { saved: [], failed, path: undefined };
  }
  try {
    file.close();
  } catch (error) {
    const why = known(error);
    for (const { object, undo } of saved) failed.push({ object, error: undo(why) });
    return { saved: [], failed, path: undefined };
  }
  return { saved, failed, path: file.path };
}

function known(error: unknown): Error {
  if (!(error instanceof Error) || asFailure(error) === undefined) throw error;
  return error;
}

/**
 * Removes POSIX objects, each after its content is on disk, and only if it is as it was listed. The kernel has no call
 * that compares and removes, so a change in the last moment is not seen.
 * @param choosePath where the backup goes; undefined for none
 * @param drain takes the messages of queues into the backup
 */
export function removePosix(
  objects: readonly PosixObject[],
  choosePath: (() => string) | undefined,
  drain: boolean,
): PosixRemoval {
  const { saved, failed, path }: Saved =
    choosePath === undefined || objects.length === 0
      ? { saved: objects.map((object) => ({ object, undo: keepsNothing })), failed: [], path: undefined }
      : saveAll(objects, choosePath, drain);
  const removed: PosixObject[] = [];
  for (const { object, undo } of saved) {
    const now = lookAgainAt(object);
    if (now === undefined) {
      failed.push({ object, error: new Failure('another process removed it') });
      continue;
    }
    try {
      if (choosePath !== undefined) checkUnchanged(object, now, drain);
      unlinkSync(object.path);
      removed.push(object);
    } catch (error) {
      failed.push({ object, error: undo(known(error)) });
    }
  }
  return { removed, failed, backup: path };
}
