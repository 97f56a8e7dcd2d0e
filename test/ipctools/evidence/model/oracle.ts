import type { History } from './history.js';
import { lives, type Pid } from './machine.js';
import type { Queue, Segment, SemaphoreSet } from './objects.js';

/** Why an object must not go, as one knows it who sees everything; undefined if it may. */
export class Oracle {
  readonly #history: History;

  constructor(history: History) {
    this.#history = history;
  }

  /** @param olderThan what was used within so many seconds may go on proof only */
  queue(queue: Queue, olderThan: number): string | undefined {
    const { machine, sets } = this.#history;
    if (machine.allThreads().some(({ blocked }) => blocked?.queue === queue.id))
      return 'a thread is blocked in it';
    const beside = sets.find(({ key }) => key === queue.key);
    const [semaphore, second] = beside?.semaphores ?? [];
    const isConvention = beside !== undefined && semaphore !== undefined && second === undefined;
    if (isConvention && semaphore.value > 0 && this.#lives(semaphore.pid)) return 'its server lives';
    if (beside?.semaphores.some(({ pid }) => this.#lives(pid)))
      return 'who used the semaphores beside it last lives';
    const operator = isConvention && semaphore.value === 0 ? semaphore.changedBy : undefined;
    const abandoned = operator === queue.uid || operator === 0;
    // A client whose thread got the last reply of a server that has died, and ended, too, keeps nothing.
    const isAnswered =
      abandoned && queue.lastSender === semaphore?.pid && this.#isEndedThread(queue.lastReceiver);
    if (!isAnswered && this.#lives(queue.lastReceiver)) return 'who received last lives';
    const used = Math.max(queue.sendTime, queue.receiveTime, queue.changeTime);
    if (Math.max(0, machine.wall - used) < olderThan && operator !== undefined && !abandoned)
      return 'a stranger has lowered the semaphore beside it, and it was used';
    return this.#lives(queue.lastSender) ? 'who sent last lives' : undefined;
  }

  set(set: SemaphoreSet): string | undefined {
    if ([...set.waiters, ...set.watchers].some(lives)) return 'a process waits for it';
    if (set.semaphores.some(({ pid }) => this.#lives(pid))) return 'who used it last lives';
    return undefined;
  }

  segment(segment: Segment): string | undefined {
    if (segment.attached.length > 0) return 'it is attached';
    return this.#lives(segment.creator) || this.#lives(segment.last) ? 'who used it last lives' : undefined;
  }

  #isEndedThread(pid: Pid | undefined): boolean {
    return !this.#history.machine.allThreads().some((thread) => thread.pid === pid);
  }

  #lives(pid: Pid | undefined): boolean {
    const process = this.#history.owner(pid);
    return process !== undefined && lives(process);
  }
}
