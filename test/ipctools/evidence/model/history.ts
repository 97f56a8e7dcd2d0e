import type { Random } from '../../../faults/random.js';
import { lives, Machine, PARENTS, type Pid, type Process, type Thread } from './machine.js';
import type { Queue, Segment, Semaphore, SemaphoreSet } from './objects.js';

const USERS = [0, 1000, 1001] as const;
const MOST_MESSAGES = 3;

function grants(
  object: { uid: number; creatorUid: number; mode: number },
  process: Process,
  bits: number,
): boolean {
  if (process.ipcOwner) return true;
  const own = process.uid === object.uid || process.uid === object.creatorUid;
  return ((own ? object.mode >> 6 : object.mode) & bits) === bits;
}

/** A machine on which things happen by chance, one after the other. */
export class History {
  readonly machine = new Machine();
  readonly queues: Queue[] = [];
  readonly sets: SemaphoreSet[] = [];
  readonly segments: Segment[] = [];
  readonly #servers = new Map<Queue, Process>();
  readonly #random: Random;
  #ids = 0;

  constructor(random: Random, events: number) {
    this.#random = random;
    for (let process = 0; process < 3; process += 1) this.#spawn();
    this.#newQueue();
    for (let event = 0; event < events; event += 1) this.#happen();
  }

  /** The process that an entry of the kernel's table belongs to. */
  owner(pid: Queue['lastSender']): Process | undefined {
    if (pid === undefined) return undefined;
    return this.machine.processes.find(({ threads }) => threads.some((thread) => thread.pid === pid));
  }

  #pick<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.#random.below(items.length)];
  }

  #chance(oneIn: number): boolean {
    return this.#random.below(oneIn) === 0;
  }

  #happen(): void {
    const { machine } = this;
    const [process, queue, set] = [this.#living(), this.#pick(this.queues), this.#pick(this.sets)];
    const thread =
      process && this.#pick(process.threads.filter(({ state, blocked }) => state === 'S' && !blocked));
    if (process === undefined || this.machine.allThreads().length < 4) return void this.#spawn();
    machine.uptime += this.#chance(4) ? this.#random.below(20_000) : this.#random.below(3);
    switch (this.#random.below(25)) {
      case 0:
        return void this.#spawn();
      case 1:
        return void (machine.allThreads().length < 25 && machine.thread(this.#random, process));
      case 2:
        if (thread !== undefined && process.threads.length > 1) this.#endThread(thread);
        return;
      case 3:
      case 4:
      case 5:
        return this.#kill(process);
      case 6:
        return machine.processes.filter(() => this.#chance(2)).forEach((one) => machine.reap(one));
      case 7:
        if (this.queues.length < 4) this.#newQueue();
        return;
      case 8:
      case 9:
      case 10:
        if (queue !== undefined && thread !== undefined) this.#send(queue, thread);
        return;
      case 11:
      case 12:
      case 13:
        if (queue !== undefined && thread !== undefined) this.#receive(queue, thread, this.#chance(2));
        return;
      case 14:
      case 15:
      case 16:
        if (queue !== undefined) this.#claim(queue, process);
        return;
      case 17:
        if (queue !== undefined && this.sets.length < 4) this.#newSet(queue.key, process);
        return;
      case 18:
      case 19:
        if (set !== undefined) this.#operate(set, process);
        return;
      case 20:
        return this.#useSegment(process);
      case 21:
        if (this.#chance(2)) machine.setClock((this.#random.below(2) * 2 - 1) * this.#random.below(20_000));
        return;
      case 22:
        if (queue !== undefined) this.#change(queue);
        return;
      case 23:
        if (queue !== undefined && machine.allThreads().length < 25) this.#handOver(queue, process);
        return;
      default:
        return this.#answer(queue, process);
    }
  }

  #living(): Process | undefined {
    return this.#pick(this.machine.processes.filter((process) => lives(process) && !process.kernel));
  }

  #spawn(): Process {
    const namespace = this.#chance(2) ? 0 : this.#random.below(PARENTS.length);
    const kernel = namespace === 0 && this.#chance(15);
    return this.machine.spawn(this.#random, namespace, kernel ? 0 : (this.#pick(USERS) ?? 0), kernel);
  }

  #newQueue(): Queue {
    const uid = this.#pick(USERS) ?? 0;
    const queue: Queue = {
      id: (this.#ids += 1),
      key: 0x80 + this.#ids,
      mode: this.#pick([0o600, 0o600, 0o660, 0o666, 0o644]) ?? 0,
      uid,
      creatorUid: uid,
      messages: 0,
      lastSender: undefined,
      lastReceiver: undefined,
      sendTime: 0,
      receiveTime: 0,
      changeTime: this.machine.wall,
    };
    this.queues.push(queue);
    return queue;
  }

  #blockedIn(queue: Queue, call: 'msgsnd' | 'msgrcv'): Thread | undefined {
    return this.machine
      .allThreads()
      .find(({ blocked }) => blocked?.queue === queue.id && blocked.call === call);
  }

  #inNamespace(thread: Thread): boolean {
    return thread.ipcNamespace === 1;
  }

  #send(queue: Queue, thread: Thread): void {
    if (!this.#inNamespace(thread) || !grants(queue, thread.process, 2)) return;
    const receiver = this.#blockedIn(queue, 'msgrcv');
    if (receiver === undefined && queue.messages === MOST_MESSAGES) {
      thread.blocked = { call: 'msgsnd', queue: queue.id };
      return;
    }
    queue.lastSender = thread.process.pid;
    queue.sendTime = this.machine.wall;
    if (receiver === undefined) {
      queue.messages += 1;
      return;
    }
    // Handed over: the kernel names the thread.
    receiver.blocked = undefined;
    this.#received(queue, receiver.pid);
  }

  #receive(queue: Queue, thread: Thread, waits: boolean): void {
    if (!this.#inNamespace(thread) || !grants(queue, thread.process, 4)) return;
    if (queue.messages === 0) {
      if (waits) thread.blocked = { call: 'msgrcv', queue: queue.id };
      return;
    }
    queue.messages -= 1;
    this.#received(queue, thread.process.pid);
    const sender = this.#blockedIn(queue, 'msgsnd');
    if (sender === undefined) return;
    sender.blocked = undefined;
    this.#send(queue, sender);
  }

  #received(queue: Queue, pid: Pid): void {
    queue.lastReceiver = pid;
    queue.receiveTime = this.machine.wall;
  }

  #answer(queue: Queue | undefined, process: Process): void {
    // A server takes a request and replies, and its client ends.
    const server = (queue && this.#servers.get(queue)) ?? process;
    const main = server.threads.find(({ state, blocked }) => state === 'S' && !blocked);
    if (queue === undefined || main === undefined) return;
    this.#receive(queue, main, false);
    this.#send(queue, main);
  }

  /** A process has a thread of its own for one message; it waits, is handed one and ends. */
  #handOver(queue: Queue, process: Process): void {
    const thread = this.machine.thread(this.#random, process);
    this.#receive(queue, thread, true);
    const sender = this.#living()?.threads.find(({ state, blocked }) => state === 'S' && !blocked);
    if (thread.blocked !== undefined && sender !== undefined) this.#send(queue, sender);
    if (thread.blocked === undefined) this.#endThread(thread);
  }

  #endThread(thread: Thread): void {
    if (thread.process.threads.filter(({ state }) => state === 'S').length > 1)
      this.machine.endThread(thread);
    else this.#kill(thread.process);
  }

  #kill(process: Process): void {
    const { wall } = this.machine;
    for (const set of this.sets) {
      set.waiters.delete(process);
      set.watchers.delete(process);
      const [semaphore] = set.semaphores;
      const adjustment = set.undo.get(process);
      set.undo.delete(process);
      if (semaphore === undefined || !adjustment) continue;
      semaphore.value = Math.max(0, semaphore.value + adjustment);
      semaphore.changedBy = process.ipcOwner ? 0 : process.uid;
      semaphore.pid = process.pid;
      set.operateTime = wall;
      if (semaphore.value === 0) this.#wakeWatchers(set, semaphore);
    }
    for (const segment of this.segments) {
      for (let at = segment.attached.indexOf(process); at !== -1; at = segment.attached.indexOf(process)) {
        segment.attached.splice(at, 1);
        segment.last = process.pid;
        segment.detachTime = wall;
      }
    }
    this.machine.end(process);
    if (this.#chance(2)) this.machine.reap(process);
  }

  #newSet(key: number, process: Process, count = 1 + this.#random.below(2)): SemaphoreSet | undefined {
    if (process.threads[0]?.ipcNamespace !== 1) return undefined;
    const known = this.sets.find((set) => set.key === key);
    if (known !== undefined) return known;
    const set: SemaphoreSet = {
      id: (this.#ids += 1),
      key,
      mode: this.#pick([0o600, 0o644, 0o644, 0o666]) ?? 0,
      uid: this.#chance(8) ? 1000 : process.uid,
      creatorUid: process.uid,
      semaphores: Array.from({ length: count }, (): Semaphore => ({
        value: 0,
        pid: undefined,
        changedBy: undefined,
      })),
      operateTime: 0,
      changeTime: this.machine.wall,
      undo: new Map(),
      waiters: new Set(),
      watchers: new Set(),
    };
    this.sets.push(set);
    return set;
  }

  /** The liveness convention. */
  #claim(queue: Queue, process: Process): void {
    const set = this.#newSet(queue.key, process, 1);
    const [semaphore, second] = set?.semaphores ?? [];
    if (set === undefined || semaphore === undefined || second !== undefined || semaphore.value !== 0) return;
    if (!grants(set, process, 2)) return;
    this.#touch(set, semaphore, process, 1);
    set.undo.set(process, (set.undo.get(process) ?? 0) - 1);
    this.#servers.set(queue, process);
  }

  #touch(set: SemaphoreSet, semaphore: Semaphore, process: Process, by: number): void {
    semaphore.value += by;
    if (by !== 0) semaphore.changedBy = process.ipcOwner ? 0 : process.uid;
    semaphore.pid = process.pid;
    set.operateTime = this.machine.wall;
    if (semaphore.value === 0) this.#wakeWatchers(set, semaphore);
    const [waiter] = set.waiters;
    if (waiter === undefined || semaphore.value === 0) return;
    set.waiters.delete(waiter);
    this.#touch(set, semaphore, waiter, -1);
  }

  /** To wait for zero is an operation as well, also if all that one may do is to read. */
  #wakeWatchers(set: SemaphoreSet, semaphore: Semaphore): void {
    for (const watcher of set.watchers) semaphore.pid = watcher.pid;
    set.watchers.clear();
  }

  /** A mutex, a counter, SETVAL, or a process that waits. */
  #operate(set: SemaphoreSet, process: Process): void {
    const semaphore = this.#pick(set.semaphores);
    const [first] = set.semaphores;
    if (
      first !== undefined &&
      process.threads[0]?.ipcNamespace === 1 &&
      grants(set, process, 4) &&
      this.#chance(2)
    ) {
      if (first.value > 0) set.watchers.add(process);
      else this.#touch(set, first, process, 0);
      return;
    }
    if (semaphore === undefined || process.threads[0]?.ipcNamespace !== 1 || !grants(set, process, 2)) return;
    switch (this.#random.below(4)) {
      case 0:
        return this.#touch(set, semaphore, process, 1);
      case 1:
        if (semaphore.value > 0) this.#touch(set, semaphore, process, -1);
        else set.waiters.add(process);
        return;
      case 2:
        semaphore.value = this.#random.below(2);
        semaphore.changedBy = process.ipcOwner ? 0 : process.uid;
        semaphore.pid = process.pid;
        set.changeTime = this.machine.wall;
        return set.undo.clear();
      default:
        return void set.waiters.delete(process);
    }
  }

  #useSegment(process: Process): void {
    if (process.threads[0]?.ipcNamespace !== 1) return;
    const { wall } = this.machine;
    const segment = this.#pick(this.segments);
    if (segment === undefined || this.segments.length < 2) {
      this.segments.push({
        id: (this.#ids += 1),
        creator: process.pid,
        last: undefined,
        attached: [],
        attachTime: 0,
        detachTime: 0,
        changeTime: wall,
        uid: process.uid,
      });
      return;
    }
    const at = segment.attached.indexOf(process);
    segment.last = process.pid;
    if (at === -1) {
      segment.attached.push(process);
      segment.attachTime = wall;
    } else {
      segment.attached.splice(at, 1);
      segment.detachTime = wall;
    }
  }

  /** Another mode or owner: those who wait are asked again. */
  #change(queue: Queue): void {
    if (this.#chance(2)) queue.mode = this.#pick([0o600, 0o660, 0o666]) ?? 0;
    else queue.uid = this.#pick(USERS) ?? 0;
    queue.changeTime = this.machine.wall;
    for (const thread of this.machine.allThreads()) {
      const { blocked, process } = thread;
      const bits = blocked?.call === 'msgsnd' ? 2 : 4;
      if (blocked?.queue === queue.id && !grants(queue, process, bits)) thread.blocked = undefined;
    }
  }
}
