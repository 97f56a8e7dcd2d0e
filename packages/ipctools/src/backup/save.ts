import { changesBetween, type IpcObject } from '../model/ipc-object.js';
import { asFailure, Failure } from '../failure.js';
import type { Owners } from '../model/owners.js';
import { CopyFile } from './copy-file.js';
import { CopyText } from './copy-text.js';
import { copyQueue } from './queue-copy.js';

type QueueObject = Extract<IpcObject, { kind: 'queue' }>;

/** The saved queues, and those that were not saved and so must stay. */
export interface Saved {
  /** The path of the backup; undefined if there is none. */
  readonly path: string | undefined;
  readonly saved: readonly QueueObject[];
  readonly unsaved: readonly { readonly object: QueueObject; readonly error: Error }[];
}

function copyAsListed({ entry }: QueueObject): ReturnType<typeof copyQueue> {
  const copy = copyQueue(entry);
  const changes = changesBetween(
    { kind: 'queue', entry },
    { kind: 'queue', entry: { ...entry, ...copy.entry } },
  );
  if (changes.length > 0) throw new Failure(`it was used since it was listed (${changes.join(', ')})`);
  return copy;
}

/**
 * Saves queues, as they were listed, into one new file.
 * @param choosePath called if there is a queue to save
 */
export function saveQueues(queues: readonly QueueObject[], choosePath: () => string, owners: Owners): Saved {
  const saved: QueueObject[] = [];
  const unsaved: { object: QueueObject; error: Error }[] = [];
  const fail = (object: QueueObject, error: unknown): void => {
    if (!(error instanceof Error) || asFailure(error) === undefined) throw error;
    unsaved.push({ object, error });
  };
  if (queues.length === 0) return { path: undefined, saved, unsaved };
  let file: CopyFile;
  try {
    file = new CopyFile(choosePath(), new CopyText(owners));
  } catch (error) {
    for (const object of queues) fail(object, error);
    return { path: undefined, saved, unsaved };
  }
  for (const object of queues) {
    try {
      file.add(copyAsListed(object));
      saved.push(object);
    } catch (error) {
      fail(object, error);
    }
  }
  if (saved.length === 0) {
    file.discard();
    return { path: undefined, saved, unsaved };
  }
  try {
    file.close();
  } catch (error) {
    for (const object of saved.splice(0)) fail(object, error);
    return { path: undefined, saved, unsaved };
  }
  return { path: file.path, saved, unsaved };
}
