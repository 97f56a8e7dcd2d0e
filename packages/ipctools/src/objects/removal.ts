import { formatKey, MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import type { QueueEntry, SegmentEntry, SemaphoreEntry } from '@timeq/mq-native';
import { TABLES } from './lists.js';

/** An object that somebody named, by key or by id. */
export interface RemovalRequest {
  readonly kind: KindOfObject;
  readonly by: 'key' | 'id';
  readonly value: number;
}

export type KindOfObject = 'queue' | 'segment' | 'semaphore set';

/** An object that is there, as it was when it was looked up. It is removed by its id, which the kernel doesn't reuse soon. */
export type RemovalCandidate =
  | { readonly kind: 'queue'; readonly entry: QueueEntry }
  | { readonly kind: 'segment'; readonly entry: SegmentEntry }
  | { readonly kind: 'semaphore set'; readonly entry: SemaphoreEntry };

export interface RemovalPlan {
  readonly candidates: readonly RemovalCandidate[];
  readonly missing: readonly RemovalRequest[];
}

/** `queue 5 (key 0x00000080)` */
export function nameCandidate({ kind, entry: { id, key } }: RemovalCandidate): string {
  return key === 0 ? `${kind} ${id}` : `${kind} ${id} (key ${formatKey(key)})`;
}

/** `queue with key 0x00000080` */
export function nameRequest({ kind, by, value }: RemovalRequest): string {
  return `${kind} with ${by} ${by === 'key' ? formatKey(value) : value}`;
}

function* candidatesOf(kind: KindOfObject): Generator<RemovalCandidate> {
  if (kind === 'queue') for (const entry of TABLES.queues()) yield { kind, entry };
  else if (kind === 'segment') for (const entry of TABLES.segments()) yield { kind, entry };
  else for (const entry of TABLES.semaphores()) yield { kind, entry };
}

type Names = Readonly<Record<RemovalRequest['by'], Map<number, RemovalCandidate | undefined>>>;

/** Looks for what was named, by each of its names; of all the others that there are, nothing is kept. */
function findNamed(requests: readonly RemovalRequest[]): ReadonlyMap<KindOfObject, Names> {
  const kinds = new Map<KindOfObject, Names>();
  for (const { kind, by, value } of requests) {
    let names = kinds.get(kind);
    if (names === undefined) kinds.set(kind, (names = { id: new Map(), key: new Map() }));
    names[by].set(value, undefined);
  }
  for (const [kind, { id, key }] of kinds) {
    for (const candidate of candidatesOf(kind)) {
      if (id.has(candidate.entry.id)) id.set(candidate.entry.id, candidate);
      if (key.has(candidate.entry.key)) key.set(candidate.entry.key, candidate);
    }
  }
  return kinds;
}

/** Finds what was named; each object once, however often it was named. */
export function planRemoval(requests: readonly RemovalRequest[]): RemovalPlan {
  const named = findNamed(requests);
  const candidates = new Set<RemovalCandidate>();
  const missing: RemovalRequest[] = [];
  for (const request of requests) {
    const found = named.get(request.kind)?.[request.by].get(request.value);
    if (found === undefined) missing.push(request);
    else candidates.add(found);
  }
  return { candidates: [...candidates], missing };
}

/** Bytes that its removal frees now: a segment's memory stays until the last process detaches it. */
export function bytesFreed({ kind, entry }: RemovalCandidate): number {
  if (kind === 'semaphore set') return 0;
  return kind === 'segment' && entry.attachments > 0 ? 0 : entry.bytes;
}

/** Removes the object. @throws IpcError EPERM, GoneError */
export function removeCandidate({ kind, entry: { id } }: RemovalCandidate): void {
  if (kind === 'queue') MessageQueue.fromId(id).remove();
  else if (kind === 'segment') SharedMemory.fromId(id).remove();
  else SemaphoreSet.fromId(id).remove();
}
