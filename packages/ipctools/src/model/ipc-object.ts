import {
  formatKey,
  GoneError,
  MessageQueue,
  SemaphoreSet,
  SharedMemory,
  type QueueEntry,
  type SegmentEntry,
  type SemaphoreEntry,
} from '@timeq/mq-native';
import type { KindName } from './kind-names.js';
import { TABLES } from './lists.js';

export type KindOfObject = 'queue' | 'segment' | 'semaphore set';

/** A queue, a segment or a semaphore set, as it was when it was read. */
export type IpcObject =
  | { readonly kind: 'queue'; readonly entry: QueueEntry }
  | { readonly kind: 'segment'; readonly entry: SegmentEntry }
  | { readonly kind: 'semaphore set'; readonly entry: SemaphoreEntry };

/** `queue 5 (key 0x00000080)` */
export function nameObject({ kind, entry: { id, key } }: IpcObject): string {
  return key === 0 ? `${kind} ${id}` : `${kind} ${id} (key ${formatKey(key)})`;
}

/** Every object of those kinds, in this IPC namespace, one after the other. */
export function* eachObject(kinds: readonly KindName[]): Generator<IpcObject> {
  for (const kind of kinds) {
    if (kind === 'queues') for (const entry of TABLES.queues()) yield { kind: 'queue', entry };
    else if (kind === 'segments') for (const entry of TABLES.segments()) yield { kind: 'segment', entry };
    else for (const entry of TABLES.semaphores()) yield { kind: 'semaphore set', entry };
  }
}

/** The same as an array. */
export function listObjects(kinds: readonly KindName[]): IpcObject[] {
  return [...eachObject(kinds)];
}

/** The time of its last use or change, in seconds since the epoch; its creation, if it was never used. */
export function lastUsed({ kind, entry }: IpcObject): number {
  if (kind === 'queue') return Math.max(entry.sendTime, entry.receiveTime, entry.changeTime);
  if (kind === 'segment') return Math.max(entry.attachTime, entry.detachTime, entry.changeTime);
  return Math.max(entry.operateTime, entry.changeTime);
}

/** The object as it is now; undefined if it is gone. @throws IpcError */
export function lookAgain({ kind, entry: { id } }: IpcObject): IpcObject | undefined {
  try {
    if (kind === 'queue') return { kind, entry: MessageQueue.fromId(id).stat() };
    if (kind === 'segment') return { kind, entry: SharedMemory.fromId(id).stat() };
    return { kind, entry: SemaphoreSet.fromId(id).stat() };
  } catch (error) {
    if (error instanceof GoneError) return undefined;
    throw error;
  }
}

/** The fields that differ between two readings of an object. */
export function changesBetween(before: IpcObject, after: IpcObject): string[] {
  const now = new Map<string, unknown>(Object.entries(after.entry));
  return Object.entries(before.entry)
    .filter(([name, value]) => now.get(name) !== value)
    .map(([name]) => name);
}

/** An object as the user names it. */
export interface ObjectName {
  readonly kind: KindOfObject;
  readonly by: 'key' | 'id';
  readonly value: number;
}

const TABLE_OF: Readonly<Record<KindOfObject, KindName>> = {
  queue: 'queues',
  segment: 'segments',
  'semaphore set': 'semaphores',
};

/** The object of that name, also one that this user may not read. */
export function findObject({ kind, by, value }: ObjectName): IpcObject | undefined {
  for (const object of eachObject([TABLE_OF[kind]])) if (object.entry[by] === value) return object;
  return undefined;
}

/** Where an id is an object's key: how that one is named. People have seen the key in decimal, as C programs write it. */
export function meantKey({ kind, by, value }: ObjectName): string | undefined {
  if (by === 'key' || value === 0) return undefined;
  const found = findObject({ kind, by: 'key', value });
  if (found === undefined || found.entry.id === value) return undefined;
  return `the ${kind} with key ${value} is written 0x${value.toString(16)}`;
}
