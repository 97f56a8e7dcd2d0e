import { MessageQueue } from '@timeq/mq-native';
import { newBackupPath, type SavingVerb } from '../backup/folder.js';
import { saveQueues, type Saved } from '../backup/save.js';
import { EvidenceGatherer } from '../evidence/gather.js';
import { kernelRemembering } from '../evidence/kernel.js';
import { judge, type Judgement } from '../evidence/judgement.js';
import type { Criteria } from '../evidence/rules.js';
import { asFailure } from '../failure.js';
import { Facts } from '../model/facts.js';
import { changesBetween, lookAgain, type IpcObject } from '../model/ipc-object.js';
import { removeCandidate } from './removal.js';

/** Why an object stays. */
export interface StayReason {
  /** Two or three words, for the closing line. */
  readonly cause: 'used since' | 'gone' | 'not stale any more' | 'its queue stays';
  /** A whole sentence. */
  readonly why: string;
}

/** An object that stays. */
export interface Kept extends StayReason {
  readonly object: IpcObject;
}

/** An object that should have been removed. */
export interface Failed {
  readonly object: IpcObject;
  readonly why: string;
  readonly error: Error;
}

/** The result of a cleaning. */
export interface Cleaning {
  readonly removed: readonly IpcObject[];
  /** Objects that changed, or are not stale any more. */
  readonly kept: readonly Kept[];
  /** Objects that could not be saved, or not be removed. */
  readonly failed: readonly Failed[];
  /** How many of those that failed are queues that could not be saved. */
  readonly unsaved: number;
  /** The path of the backup. */
  readonly backup: string | undefined;
  /** The longest time between the start of an object's last check and its removal, in milliseconds. */
  readonly longestWindow: number;
}

/** The result of a dry run. */
export const NOTHING_DONE: Cleaning = {
  removed: [],
  kept: [],
  failed: [],
  unsaved: 0,
  backup: undefined,
  longestWindow: 0,
};

/** How messages are saved before their queue is removed; `none`: they are lost. */
export type Backup = 'none' | { readonly choosePath: () => string };

/** The meaning of --backup FILE (a file's name), --no-backup (false) and neither of them. */
export function backupFrom(option: string | boolean | undefined, verb: SavingVerb): Backup {
  if (option === false) return 'none';
  return { choosePath: () => (typeof option === 'string' ? option : newBackupPath(verb)) };
}

/** Why an object stays; undefined if nothing has changed. */
type SecondLook = (object: IpcObject) => StayReason | undefined;

/** Whether anything changed since the object was listed: times, counts, pids, mode, owner. */
export function movedSince(object: IpcObject): StayReason | undefined {
  const now = lookAgain(object);
  if (now === undefined) return { cause: 'gone', why: 'another process removed it' };
  const changes = changesBetween(object, now);
  if (changes.length === 0) return undefined;
  return { cause: 'used since', why: `it was used since it was listed (${changes.join(', ')})` };
}

function isQueue(object: IpcObject): object is Extract<IpcObject, { kind: 'queue' }> {
  return object.kind === 'queue';
}

/**
 * Saves the messages of all queues into one file, then removes one object after the other, each only if a second look
 * finds it unchanged. The kernel has no call that compares and removes, so a change between that look and the removal
 * is not seen.
 */
export function cleanObjects(
  objects: readonly IpcObject[],
  backup: Backup,
  facts: Facts,
  lookTwice: () => SecondLook = () => movedSince,
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
  // Queues first, while the semaphores beside them still prove their state.
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
 * process is inspected again for each object.
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
    // It may have been used while all processes were inspected.
    const moved = movedSince(object);
    if (moved !== undefined) return moved;
    // It proves that the queue beside it is stale.
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
  return cleanObjects(objects, backup, facts, () => judgeAgain(criteria, facts));
}
