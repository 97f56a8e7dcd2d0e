import type { KnownProcess, QueueEntry, SemaphoreEntry } from '@timeq/mq-native';
import type { Facts } from '../model/facts.js';
import { lastUsed, type IpcObject } from '../model/ipc-object.js';
import { mayUse } from '../processes/credentials.js';
import type { Evidence, NamedProcess, SemaphoreEvidence } from './evidence.js';
import { kernelSnapshot, type Kernel } from './kernel.js';
import { semaphoreEvidence } from './semaphore.js';

type OfKind = Pick<Evidence, 'processes'> & Partial<Evidence>;

/** Gathers the evidence for objects. Common facts are read once. @param kernel a snapshot, unless given */
export class EvidenceGatherer {
  readonly #facts: Facts;
  readonly #kernel: Kernel;

  constructor(facts: Facts, kernel: Kernel = kernelSnapshot()) {
    this.#facts = facts;
    this.#kernel = kernel;
  }

  gather(object: IpcObject): Evidence {
    const { entry } = object;
    const { counts } = this.#facts.ownerProcesses;
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

  #ofKind(object: IpcObject): OfKind {
    if (object.kind === 'queue') return this.#ofQueue(object.entry);
    if (object.kind === 'semaphore set') return this.#ofSet(object.entry);
    const { attachments, attachTime, detachTime, creatorPid, lastPid, changeTime } = object.entry;
    return {
      attachments,
      slots: this.#kernel.slotsOf(object.entry),
      processes: [
        this.#named('creator', creatorPid, changeTime),
        this.#named('last process', lastPid, Math.max(attachTime, detachTime)),
      ],
    };
  }

  #ofQueue(entry: QueueEntry): OfKind {
    const beside = this.#kernel.setAt(entry.key);
    const semaphore = this.#semaphore(beside, entry);
    // The doubt about a liveness semaphore is one about its last user.
    const named = beside !== undefined && semaphore.state !== 'doubtful';
    return {
      readable: this.#kernel.mayRead(entry),
      semaphore,
      ...this.#blockedIn(entry),
      messages: entry.messages,
      processes: [...this.#usersOf(entry), ...(named ? this.#usersBeside(beside) : [])],
    };
  }

  #ofSet(entry: SemaphoreEntry): OfKind {
    const { readable, waiters, unnamed } = this.#kernel.readSet(entry);
    // A semaphore is evidence for its queue even if the queue has just been cleaned away.
    const queue = this.#kernel.queueAt(entry.key);
    // A set that was only written to (SETVAL) has a pid and no time of operation.
    const time = entry.operateTime === 0 ? entry.changeTime : entry.operateTime;
    return {
      readable,
      waiters,
      // In the first pid namespace every process has a pid, so a pid of 0 means that there was none.
      blocked: unnamed && this.#facts.blocked.partial ? undefined : [],
      semaphore: queue === undefined ? { state: 'none' } : this.#semaphore(entry, queue),
      processes: [
        ...this.#lastOf(entry, 'last process', time),
        ...(queue === undefined ? [] : this.#queueUsersBeside(queue)),
      ],
    };
  }

  #usersOf(queue: QueueEntry): [sender: NamedProcess, receiver: NamedProcess] {
    return [
      this.#named('last sender', queue.lastSendPid, queue.sendTime),
      role('last receiver', queue.receiveTime, this.#facts.processes.lastReceiver(queue)),
    ];
  }

  /** A process that uses the semaphores at a queue's key, as a mutex or otherwise, uses the queue as well. */
  #usersBeside(set: SemaphoreEntry): NamedProcess[] {
    const time = Math.max(set.operateTime, set.changeTime);
    return this.#lastOf(set, 'last user of the semaphores beside it', time).filter(
      ({ state }) => state !== 'never' && state !== 'dead',
    );
  }

  /** Those of its semaphores; where the kernel names none, all may belong to other pid namespaces. */
  #lastOf(set: SemaphoreEntry, name: string, time: number): NamedProcess[] {
    const { readable, lastPids } = this.#kernel.readSet(set);
    if (lastPids.length === 0 && readable) return [this.#named(name, 0, set.operateTime)];
    return lastPids.map((pid) => this.#named(name, pid, time));
  }

  /** And the reverse: a set stays for the users of its queue that are alive, or may be. */
  #queueUsersBeside(queue: QueueEntry): NamedProcess[] {
    return this.#usersOf(queue)
      .filter(({ state }) => state !== 'never' && state !== 'dead' && state !== 'ended')
      .map((user) => ({ ...user, role: `${user.role} of the queue beside it` }));
  }

  #blockedIn(entry: QueueEntry): Pick<Evidence, 'blocked' | 'unseen'> {
    const { byQueue, unseen, partial } = this.#facts.blocked;
    const threads = byQueue.get(entry.id);
    const perhaps = unseen
      .filter(({ credentials }) => credentials.some((thread) => mayUse(thread, entry)))
      .map(({ pid }) => pid);
    const known = threads !== undefined || (!partial && perhaps.length === 0);
    return { blocked: known ? (threads ?? []) : undefined, unseen: perhaps };
  }

  #semaphore(set: SemaphoreEntry | undefined, queue: QueueEntry): SemaphoreEvidence {
    if (set === undefined) return { state: 'none' };
    const { processes } = this.#facts;
    return semaphoreEvidence(this.#kernel.liveness(set, queue, processes), queue, processes);
  }

  #named(name: string, pid: number, time: number): NamedProcess {
    return role(name, time, this.#facts.processes.find(pid, time));
  }
}

function role(name: string, time: number, process: KnownProcess): NamedProcess {
  return { role: name, time, ...process };
}
