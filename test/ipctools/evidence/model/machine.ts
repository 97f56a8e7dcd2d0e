import type { Random } from '../../../faults/random.js';

/** A process's or a thread's entry in the kernel's table of numbers: struct pid, with a number in each namespace. */
export interface Pid {
  readonly numbers: ReadonlyMap<number, number>;
}

export interface Thread {
  readonly pid: Pid;
  readonly process: Process;
  state: 'R' | 'S' | 'Z' | 'gone';
  ipcNamespace: number;
  blocked: { readonly call: 'msgsnd' | 'msgrcv'; readonly queue: number } | undefined;
}

export interface Process {
  readonly pid: Pid;
  /** The namespace that it is in. */
  readonly namespace: number;
  readonly uid: number;
  readonly ipcOwner: boolean;
  readonly kernel: boolean;
  /** Seconds since the machine booted. */
  readonly startedAt: number;
  readonly threads: Thread[];
}

/** Namespaces of processes: the machine's, two containers', and one inside the first of them. */
export const PARENTS: readonly (number | undefined)[] = [undefined, 0, 0, 1];
/** So few numbers that they are used again and again. */
const NUMBERS = 40;
/** No machine goes through all its numbers in less. */
const SOONEST_REUSE_SECONDS = 3;

const isThere = ({ state }: Thread): boolean => state !== 'gone';

/** Whether any of its threads runs. */
export function lives(process: Process): boolean {
  return process.threads.some(({ state }) => state === 'R' || state === 'S');
}

/** Processes, threads, their numbers and two clocks. */
export class Machine {
  readonly processes: Process[] = [];
  /** Seconds since it booted. */
  uptime = 100_000;
  /** What the wall clock is ahead of that; set now and then. */
  #offset = 1_700_000_000;
  readonly #freed = PARENTS.map(() => new Map<number, number>());
  readonly #next = PARENTS.map(() => 1);

  /** The wall clock, in whole seconds. */
  get wall(): number {
    return Math.floor(this.uptime + this.#offset);
  }

  get bootTime(): number {
    return this.#offset;
  }

  setClock(by: number): void {
    this.#offset += by;
  }

  spawn(random: Random, namespace: number, uid: number, kernel = false): Process {
    const process: Process = {
      pid: this.#number(random, namespace),
      namespace,
      uid,
      ipcOwner: uid === 0 || random.below(20) === 0,
      kernel,
      startedAt: this.uptime,
      threads: [],
    };
    this.processes.push(process);
    this.#addThread(process, process.pid, random.below(5) === 0 ? 2 : 1);
    return process;
  }

  thread(random: Random, process: Process): Thread {
    return this.#addThread(
      process,
      this.#number(random, process.namespace),
      process.threads[0]?.ipcNamespace ?? 1,
    );
  }

  #addThread(process: Process, pid: Pid, ipcNamespace: number): Thread {
    const thread: Thread = { pid, process, state: 'S', ipcNamespace, blocked: undefined };
    process.threads.push(thread);
    return thread;
  }

  /** Ends one thread; a main thread stays in the table as a zombie for as long as others run. */
  endThread(thread: Thread): void {
    thread.blocked = undefined;
    if (thread.pid === thread.process.pid) thread.state = 'Z';
    else this.#free(thread);
  }

  /** Ends all threads of a process; its main thread is a zombie until it is reaped. */
  end(process: Process): void {
    for (const thread of process.threads.filter(isThere)) this.endThread(thread);
  }

  reap(process: Process): void {
    const [main] = process.threads;
    if (main !== undefined && !lives(process) && isThere(main)) this.#free(main);
  }

  /** What has a number in a namespace now. */
  threadWith(namespace: number, number: number): Thread | undefined {
    return this.allThreads().find(({ pid }) => pid.numbers.get(namespace) === number);
  }

  allThreads(): Thread[] {
    return this.processes.flatMap(({ threads }) => threads).filter(isThere);
  }

  #free(thread: Thread): void {
    thread.state = 'gone';
    for (const [namespace, number] of thread.pid.numbers) this.#freed[namespace]?.set(number, this.uptime);
  }

  #number(random: Random, namespace: number): Pid {
    const numbers = new Map<number, number>();
    for (let at: number | undefined = namespace; at !== undefined; at = PARENTS[at])
      numbers.set(at, this.#allot(random, at));
    return { numbers };
  }

  #allot(random: Random, namespace: number): number {
    const used = new Set(this.allThreads().map(({ pid }) => pid.numbers.get(namespace)));
    const freed = this.#freed[namespace] ?? new Map<number, number>();
    // Now and then many short-lived processes have come and gone.
    let next = (this.#next[namespace] ?? 1) + (random.below(6) === 0 ? random.below(NUMBERS) : 0);
    for (;;) {
      next = next % NUMBERS === 0 ? next + 1 : next;
      const number = next % NUMBERS;
      const since = freed.get(number);
      next += 1;
      const tooSoon = since !== undefined && this.uptime - since < SOONEST_REUSE_SECONDS;
      if (used.has(number)) continue;
      if (tooSoon) {
        this.uptime += 1;
        continue;
      }
      this.#next[namespace] = next;
      return number;
    }
  }
}
