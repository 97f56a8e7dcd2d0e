import {
  GoneError,
  IpcError,
  MessageQueue,
  SemaphoreSet,
  type QueueEntry,
  type SemaphoreEntry,
} from '@timeq/mq-native';
import { waitingIn } from '../objects/queue-state.js';
import { isDenied } from '../failure.js';
import type { Facts } from '../facts.js';
import { lastUsed, type IpcObject } from '../objects/ipc-object.js';
import { LISTS } from '../objects/lists.js';
import type { Evidence, NamedProcess } from './evidence.js';
import { readLivenessSemaphore } from './liveness-semaphore.js';
import { countProcessesByOwner } from './owner-processes.js';

/** A place in a queue at which no message can be, to ask for permission only. */
const BEYOND_ALL_MESSAGES = 2 ** 31 - 1;

/** Whether this user may read a queue: MSG_COPY asks the kernel itself, and takes nothing. */
function mayRead(id: number): boolean {
  try {
    MessageQueue.fromId(id).peek(BEYOND_ALL_MESSAGES);
    return true;
  } catch (error) {
    if (isDenied(error)) return false;
    // Without MSG_COPY, and for a queue that is gone, permission is not what matters.
    if (error instanceof IpcError) return true;
    throw error;
  }
}

interface SetReading {
  readonly readable: boolean;
  readonly waiters: number;
  /** Each once. */
  readonly lastPids: readonly number[];
}

function readSet({ id, count }: SemaphoreEntry): SetReading {
  const lastPids = new Set<number>();
  let waiters = 0;
  try {
    using set = SemaphoreSet.fromId(id);
    for (let number = 0; number < count; number += 1) {
      waiters += set.waitingForIncrease(number) + set.waitingForZero(number);
      lastPids.add(set.lastPid(number));
    }
  } catch (error) {
    if (isDenied(error)) return { readable: false, waiters: 0, lastPids: [] };
    if (!(error instanceof GoneError)) throw error;
  }
  // Semaphores of the set that nobody has used have pid 0 as well.
  if (lastPids.size > 1) lastPids.delete(0);
  return { readable: true, waiters, lastPids: [...lastPids] };
}

/** Queues and sets by key: a liveness semaphore is at the key of its queue. */
interface Neighbours {
  readonly queues: ReadonlyMap<number, QueueEntry>;
  readonly sets: ReadonlyMap<number, SemaphoreEntry>;
}

function byKey<Entry extends { readonly key: number }>(
  entries: readonly Entry[],
): ReadonlyMap<number, Entry> {
  return new Map(entries.filter(({ key }) => key !== 0).map((entry) => [entry.key, entry]));
}

/** Collects what is known about objects. What they have in common is read once. */
export class EvidenceGatherer {
  readonly #facts: Facts;
  #neighbours: Neighbours | undefined;
  #ownerProcesses: { readonly counts: ReadonlyMap<number, number> | undefined } | undefined;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  gather(object: IpcObject): Evidence {
    const { entry } = object;
    this.#ownerProcesses ??= { counts: countProcessesByOwner() };
    const { counts } = this.#ownerProcesses;
    return {
      object,
      readable: true,
      semaphore: { state: 'none' },
      blocked: [],
      unseen: [],
      waiters: 0,
      attachments: 0,
      idleSeconds: Math.max(0, this.#facts.now - lastUsed(object)),
      ownerProcesses: counts && (counts.get(entry.uid) ?? 0),
      messages: 0,
      ...this.#ofKind(object),
    };
  }

  #ofKind(object: IpcObject): Pick<Evidence, 'processes'> & Partial<Evidence> {
    const { kind, entry } = object;
    if (kind === 'queue') {
      return {
        readable: mayRead(entry.id),
        semaphore: readLivenessSemaphore(this.#beside(entry.key).set, entry, this.#facts.processes),
        blocked: waitingIn(entry, this.#facts),
        unseen: this.#facts.blocked.unseen ?? [],
        messages: entry.messages,
        processes: [
          this.#named('last sender', entry.lastSendPid, entry.sendTime),
          this.#named('last receiver', entry.lastReceivePid, entry.receiveTime),
        ],
      };
    }
    if (kind === 'segment') {
      const { attachments, attachTime, detachTime } = entry;
      return {
        attachments,
        processes: [
          this.#named('creator', entry.creatorPid, entry.changeTime),
          this.#named('last process', entry.lastPid, Math.max(attachTime, detachTime)),
        ],
      };
    }
    const { readable, waiters, lastPids } = readSet(entry);
    const { queue } = this.#beside(entry.key);
    // A set that was only written to (SETVAL) has a pid and no time of operation.
    const time = entry.operateTime === 0 ? entry.changeTime : entry.operateTime;
    return {
      readable,
      waiters,
      semaphore:
        queue === undefined ? { state: 'none' } : readLivenessSemaphore(entry, queue, this.#facts.processes),
      processes: lastPids.map((pid) =>
        this.#named('last process', pid, pid === 0 ? entry.operateTime : time),
      ),
    };
  }

  #named(role: string, pid: number, time: number): NamedProcess {
    return { role, time, ...this.#facts.processes.find(pid, time) };
  }

  /** Both at the first need: a semaphore tells of its queue also when that has just been cleaned away. */
  #beside(key: number): { readonly queue: QueueEntry | undefined; readonly set: SemaphoreEntry | undefined } {
    this.#neighbours ??= { queues: byKey(LISTS.queues()), sets: byKey(LISTS.semaphores()) };
    return { queue: this.#neighbours.queues.get(key), set: this.#neighbours.sets.get(key) };
  }
}
