import { MessageQueue } from '@timeq/mq-native';
import { newBackupPath } from '../backup/folder.js';
import { saveQueues, type Saved } from '../backup/save.js';
import { EvidenceGatherer } from '../evidence/gather.js';
import { kernelRemembering } from '../evidence/kernel.js';
import { judge } from '../evidence/judgement.js';
import type { Judgement } from '../evidence/judgement.js';
import type { Criteria } from '../evidence/rules.js';
import { asFailure } from '../failure.js';
import { Facts } from '../model/facts.js';
import { changesBetween, lookAgain, type IpcObject } from '../model/ipc-object.js';
import { removeCandidate } from './removal.js';

/** Why an object is to stay. */
export interface StayReason {
  /** In two or three words, for the closing line. */
  readonly cause: 'used since' | 'gone' | 'not stale any more' | 'its queue stays';
  /** A whole sentence. */
  readonly why: string;
}

/** An object that stays. */
export interface Kept extends StayReason {
  readonly object: IpcObject;
}

/** An object that should have gone. */
export interface Failed {
  readonly object: IpcObject;
  readonly why: string;
  readonly error: Error;
}

/** What was done. */
export interface Cleaning {
  readonly removed: readonly IpcObject[];
  /** It moved, or isn't stale any more. */
  readonly kept: readonly Kept[];
  /** It could not be saved, or not be removed. */
  readonly failed: readonly Failed[];
  /** How many of those that failed are queues that could not be saved. */
  readonly unsaved: number;
  /** Where the messages are. */
  readonly backup: string | undefined;
  /** The longest time that passed between the begin of a last look at an object and its removal, in milliseconds. */
  readonly longestWindow: number;
}

/** What a dry run does. */
export const NOTHING_DONE: Cleaning = {
  removed: [],
  kept: [],
  failed: [],
  unsaved: 0,
  backup: undefined,
  longestWindow: 0,
};

/** What is done with the messages before a queue goes; `none`: they go with it. */
export type Backup = 'none' | { readonly choosePath: () => string };

/** What --backup FILE (a file's name), --no-backup (false) and neither of them mean. */
export function backupFrom(option: string | boolean | undefined, verb: 'clean' | 'remove'): Backup {
  if (option === false) return 'none';
  return { choosePath: () => (typeof option === 'string' ? option : newBackupPath(verb)) };
}

/** Why an object is to stay; undefined if nothing has moved. */
export type SecondLook = (object: IpcObject) => StayReason | undefined;

/** Whether anything moved since the object was listed: times, counts, pids, mode, owner. */
export function movedSince(object: IpcObject): StayReason | undefined {
  const now = lookAgain(object);
  if (now === undefined) return { cause: 'gone', why: 'somebody else has removed it' };
  const changes = changesBetween(object, now);
  if (changes.length === 0) return undefined;
  return { cause: 'used since', why: `it was used since it was listed (${changes.join(', ')})` };
}

function isQueue(object: IpcObject): object is Extract<IpcObject, { kind: 'queue' }> {
  return object.kind === 'queue';
}

/**
 * Saves the messages of all queues into one file, and removes then one object after the other, each only if the second
 * look finds it as it was. The kernel has no call that compares and removes, so what happens between that look and the
 * removal is not seen.
 */
export function cleanObjects(
  objects: readonly IpcObject[],
  backup: Backup,
  lookTwice: () => SecondLook,
  facts: Facts,
): Cleaning {
  const queues = objects.filter(isQueue);
  const saved: Saved =
    backup === 'none'
      ? { path: undefined, saved: queues, unsaved: [] }
      : saveQueues(queues, backup.choosePath, facts.owners);
  const removed: IpcObject[] = [];
  const kept: Kept[] = [];
  const failed: Failed[] = saved.unsaved.map(({ object, error }) => ({
    object,
    error,
    why: `its messages could not be saved: ${error.message}`,
  }));
  let longestWindow = 0;
  const lookAtIt = lookTwice();
  // Queues go first, so that the semaphores beside them can still tell about them.
  for (const object of [...saved.saved, ...objects.filter((other) => !isQueue(other))]) {
    try {
      const begin = performance.now();
      const reason = lookAtIt(object);
      if (reason !== undefined) {
        kept.push({ object, ...reason });
        continue;
      }
      removeCandidate(object);
      longestWindow = Math.max(longestWindow, performance.now() - begin);
      removed.push(object);
    } catch (error) {
      if (!(error instanceof Error) || asFailure(error) === undefined) throw error;
      failed.push({ object, error, why: error.message });
    }
  }
  return { removed, kept, failed, unsaved: saved.unsaved.length, backup: saved.path, longestWindow };
}

function queueAt(key: number): boolean {
  return MessageQueue.list().some((queue) => queue.key === key);
}

/**
 * A second look that also judges again: a reader that blocks in a queue changes nothing in the kernel's table. So every
 * process is looked at anew for each object.
 */
export function judgeAgain(criteria: Criteria, { owners, ownerProcesses }: Facts = new Facts()): SecondLook {
  const kernel = kernelRemembering();
  return (object) => {
    const before = movedSince(object);
    if (before !== undefined) return before;
    const gatherer = new EvidenceGatherer(new Facts({ owners, ownerProcesses }), kernel);
    const { verdict, reasons, evidence } = judge(gatherer.gather(object), criteria);
    if (verdict !== 'stale')
      return { cause: 'not stale any more', why: `it is not stale any more: ${reasons.join('; ')}` };
    // It may have been used while all processes were looked at.
    const moved = movedSince(object);
    if (moved !== undefined) return moved;
    // It is what proves the queue beside it stale.
    const proves =
      object.kind === 'semaphore set' &&
      evidence.semaphore.state !== 'none' &&
      evidence.semaphore.state !== 'foreign';
    if (!proves || !queueAt(object.entry.key)) return undefined;
    return { cause: 'its queue stays', why: 'the queue beside it stays' };
  };
}

/** Cleans what was judged stale. */
export function cleanStale(
  judgements: readonly Judgement[],
  criteria: Criteria,
  backup: Backup,
  facts: Facts,
): Cleaning {
  const objects = judgements.map(({ evidence }) => evidence.object);
  return cleanObjects(objects, backup, () => judgeAgain(criteria, facts), facts);
}
