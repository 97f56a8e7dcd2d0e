import { formatKey, formatMode, type Key, MessageQueue, type QueueEntry } from '@timeq/mq-native';
import { formatCount } from '../format/count.js';
import { nameQueue } from '../model/find-queue.js';
import { ownCapabilities, type Capabilities } from '../processes/capabilities.js';
import { isGranted, WRITE } from '../processes/credentials.js';
import type { QueueCopy } from './queue-copy.js';

/** Where a queue is restored: at its former key, at another key, or into an existing queue. */
export type Destination =
  | { readonly to: 'same key' }
  | { readonly to: 'new key'; readonly key: Key }
  | { readonly to: 'queue'; readonly id: number };

/** The restoration of one queue, with all known obstacles. */
export interface RestorePlan {
  readonly copy: QueueCopy;
  /** The key of the target queue; 0: private. */
  readonly key: Key;
  /** An existing, empty queue to use; undefined: a new one is created. */
  readonly existing: QueueEntry | undefined;
  /** Whether mode, owner and limit are restored too. */
  readonly setsProperties: boolean;
  /** Why it can't be done, a sentence each. */
  readonly obstacles: readonly string[];
  /** Differences from the original, a sentence each. */
  readonly remarks: readonly string[];
}

/** The permissions of this process, and the kernel's limits. */
export interface Circumstances {
  readonly queues: readonly QueueEntry[];
  readonly maxMessageBytes: number;
  readonly maxQueueBytes: number;
  readonly maxQueues: number;
  readonly uid: number;
  readonly gid: number;
  readonly capabilities: Capabilities;
}

export function presentCircumstances(): Circumstances {
  const { maxMessageBytes, maxQueueBytes, maxQueues } = MessageQueue.limits();
  return {
    queues: MessageQueue.list(),
    maxMessageBytes,
    maxQueueBytes,
    maxQueues,
    uid: process.geteuid?.() ?? 0,
    gid: process.getegid?.() ?? 0,
    capabilities: ownCapabilities(),
  };
}

/** The limit that a queue needs for its messages: bytes or count, whichever is more (msgop(2)). */
export function neededBytes({ messages }: QueueCopy): number {
  const bytes = messages.reduce((sum, { body }) => sum + body.length, 0);
  return Math.max(bytes, messages.length);
}

function findExisting(
  { entry }: QueueCopy,
  destination: Destination,
  queues: readonly QueueEntry[],
): { key: Key; existing: QueueEntry | undefined } {
  if (destination.to === 'queue') {
    const existing = queues.find(({ id }) => id === destination.id);
    return { key: existing?.key ?? 0, existing };
  }
  const key = destination.to === 'new key' ? destination.key : entry.key;
  return { key, existing: key === 0 ? undefined : queues.find((queue) => queue.key === key) };
}

/** Whether this process may change the queue's owner, mode and limit (IPC_SET). */
function mayChange({ uid, creatorUid }: QueueEntry, circumstances: Circumstances): boolean {
  const { uid: self, capabilities } = circumstances;
  return capabilities.sysAdmin || self === uid || self === creatorUid;
}

function mayWrite(queue: QueueEntry, { uid, gid, capabilities: { ipcOwner } }: Circumstances): boolean {
  return isGranted({ uid, gids: [gid, ...(process.getgroups?.() ?? [])], ipcOwner }, queue, WRITE);
}

function obstaclesTo(
  plan: Omit<RestorePlan, 'obstacles' | 'remarks'>,
  circumstances: Circumstances,
  createdBefore: number,
): string[] {
  const { copy, key, existing, setsProperties } = plan;
  const obstacles: string[] = [];
  const { maxMessageBytes, maxQueueBytes, maxQueues, queues, capabilities } = circumstances;
  if (existing !== undefined) {
    if (existing.messages > 0)
      obstacles.push(
        `${nameQueue(existing)} is there already and holds ${formatCount(existing.messages, 'message')}`,
      );
    if (!mayWrite(existing, circumstances))
      obstacles.push(`this user may not write to ${nameQueue(existing)}`);
    if (setsProperties && !mayChange(existing, circumstances))
      obstacles.push(`${nameQueue(existing)} belongs to another user, so its mode and limit can't be set`);
  } else if (queues.length + createdBefore >= maxQueues) {
    const more = createdBefore === 0 ? '' : ` and ${createdBefore} of the file before this one`;
    obstacles.push(`there are ${queues.length} queues${more}, and kernel.msgmni allows no more`);
  }
  const largest = Math.max(0, ...copy.messages.map(({ body }) => body.length));
  if (largest > maxMessageBytes)
    obstacles.push(`it has a message of ${largest} bytes, and kernel.msgmax allows ${maxMessageBytes}`);
  const needed = neededBytes(copy);
  const wanted = setsProperties ? Math.max(needed, copy.entry.maxBytes ?? 0) : needed;
  const room = existing?.maxBytes ?? maxQueueBytes;
  if (wanted > room && !setsProperties)
    obstacles.push(
      `it needs room for ${needed} bytes, and ${nameQueue(existing ?? { id: 0, key })} has ${room}`,
    );
  if (wanted > room && setsProperties && wanted > maxQueueBytes && !capabilities.sysResource)
    obstacles.push(
      `it needs a limit of ${wanted} bytes; kernel.msgmnb is ${maxQueueBytes}, and a higher limit needs CAP_SYS_RESOURCE`,
    );
  return obstacles;
}

function remarksOn(plan: Omit<RestorePlan, 'obstacles' | 'remarks'>): string[] {
  const unknownLimit = plan.setsProperties && plan.copy.entry.maxBytes === undefined;
  return unknownLimit ? ["its limit was not known, so it gets the kernel's usual one"] : [];
}

/** Plans a restoration and finds its obstacles. Changes nothing. */
export function planRestore(
  copies: readonly QueueCopy[],
  destination: Destination,
  circumstances: Circumstances = presentCircumstances(),
): RestorePlan[] {
  const taken = new Set<Key>();
  let created = 0;
  return copies.map((copy) => {
    const found = findExisting(copy, destination, circumstances.queues);
    const plan = { copy, ...found, setsProperties: destination.to !== 'queue' };
    const obstacles = obstaclesTo(plan, circumstances, created);
    if (found.key !== 0 && taken.has(found.key))
      obstacles.push(`the file has two queues for key ${formatKey(found.key)}; choose one with -q ID`);
    taken.add(found.key);
    if (found.existing === undefined) created += 1;
    return { ...plan, obstacles, remarks: remarksOn(plan) };
  });
}

/** `key 0x00000080: 3 messages, 24 bytes, mode 0600, into a new queue`, before or after it was carried out. */
export function describePlan({ copy, key, existing, setsProperties }: RestorePlan, isDone = false): string {
  const { messages, entry } = copy;
  const bytes = messages.reduce((sum, { body }) => sum + body.length, 0);
  const name = key === 0 ? 'a private queue' : `key ${formatKey(key)}`;
  const where = existing === undefined ? 'a new queue' : describeExisting(existing, isDone);
  const mode = setsProperties ? `, mode ${formatMode(entry.mode)}` : '';
  return `${name}: ${formatCount(messages.length, 'message')}, ${bytes} bytes${mode}, into ${where}`;
}

function describeExisting({ id, messages }: QueueEntry, isDone: boolean): string {
  if (isDone) return `queue ${id}, which was empty`;
  return `queue ${id}, which ${messages === 0 ? 'is empty' : `holds ${formatCount(messages, 'message')}`}`;
}
