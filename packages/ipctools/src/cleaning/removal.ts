import { formatKey, MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import type { IpcObject, KindOfObject } from '../model/ipc-object.js';
import { TABLES } from '../model/lists.js';

/** An object that the user named, by key or by id. */
export interface RemovalRequest {
  readonly kind: KindOfObject;
  readonly by: 'key' | 'id';
  readonly value: number;
}

export interface RemovalPlan {
  readonly candidates: readonly IpcObject[];
  readonly missing: readonly RemovalRequest[];
}

/** `queue with key 0x00000080` */
export function nameRequest({ kind, by, value }: RemovalRequest): string {
  return `${kind} with ${by} ${by === 'key' ? formatKey(value) : value}`;
}

/** Iterates over all objects of a kind. */
function forEachOf(kind: KindOfObject, look: (candidate: IpcObject) => void): void {
  if (kind === 'queue') for (const entry of TABLES.queues()) look({ kind, entry });
  else if (kind === 'segment') for (const entry of TABLES.segments()) look({ kind, entry });
  else for (const entry of TABLES.semaphores()) look({ kind, entry });
}

type Names = Readonly<Record<RemovalRequest['by'], Map<number, IpcObject | undefined>>> & {
  /** The ids of those that are to be removed already. */
  readonly taken: Set<number>;
};

/** Finds the named objects, by each of their names; keeps nothing of the others. */
function findNamed(requests: readonly RemovalRequest[]): ReadonlyMap<KindOfObject, Names> {
  const kinds = new Map<KindOfObject, Names>();
  for (const { kind, by, value } of requests) {
    let names = kinds.get(kind);
    if (names === undefined) kinds.set(kind, (names = { id: new Map(), key: new Map(), taken: new Set() }));
    names[by].set(value, undefined);
  }
  for (const [kind, { id, key }] of kinds) {
    forEachOf(kind, (candidate) => {
      if (id.has(candidate.entry.id)) id.set(candidate.entry.id, candidate);
      if (key.has(candidate.entry.key)) key.set(candidate.entry.key, candidate);
    });
  }
  return kinds;
}

/** Finds the named objects; each object once, however often it was named. */
export function planRemoval(requests: readonly RemovalRequest[]): RemovalPlan {
  const named = findNamed(requests);
  const candidates: IpcObject[] = [];
  const missing: RemovalRequest[] = [];
  for (const request of requests) {
    const names = named.get(request.kind);
    const found = names?.[request.by].get(request.value);
    if (names === undefined || found === undefined) {
      missing.push(request);
    } else if (!names.taken.has(found.entry.id)) {
      names.taken.add(found.entry.id);
      candidates.push(found);
    }
  }
  return { candidates, missing };
}

/** Bytes that its removal frees now: a segment's memory stays until its last detach. */
export function bytesFreed({ kind, entry }: IpcObject): number {
  if (kind === 'semaphore set') return 0;
  return kind === 'segment' && entry.attachments > 0 ? 0 : entry.bytes;
}

/** Removes the object. @throws IpcError EPERM, GoneError */
export function removeCandidate({ kind, entry: { id } }: IpcObject): void {
  if (kind === 'queue') MessageQueue.removeId(id);
  else if (kind === 'segment') SharedMemory.removeId(id);
  else SemaphoreSet.removeId(id);
}
