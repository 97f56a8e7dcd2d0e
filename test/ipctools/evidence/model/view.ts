import {
  judgeLiveness,
  type ProcessSource,
  type QueueEntry,
  type SegmentEntry,
  type SemaphoreEntry,
} from '@timeq/mq-native';
import type { Kernel } from '#ipctools/evidence/kernel';
import type { Random } from '../../../faults/random.js';
import type { History } from './history.js';
import { PARENTS, type Pid, type Process, type Thread } from './machine.js';
import type { Queue, Segment, SemaphoreSet } from './objects.js';

/** Numbers of msgsnd and msgrcv on the machine on which the test runs. */
const CALLS = process.arch === 'x64' ? { msgsnd: 69, msgrcv: 70 } : { msgsnd: 189, msgrcv: 188 };
const PF_KTHREAD = 0x0020_0000;
const TICKS = 100;

class NotThere extends Error {
  readonly code: string;

  constructor(code: 'ENOENT' | 'EACCES') {
    super(code);
    this.code = code;
  }
}

/** Who looks, from where. */
interface Looker {
  readonly namespace: number;
  /** The pid namespace whose /proc is mounted: another one after `unshare --pid` without a mount. */
  readonly mounted: number;
  readonly uid: number;
  /** Root of a user namespace of its own has all capabilities, and may inspect no processes. */
  readonly power: 'none' | 'all' | 'in its user namespace';
  readonly hidepid: boolean;
  /** Whether Yama keeps a user from tracing his own processes. */
  readonly yama: boolean;
}

export function someLooker(random: Random): Looker {
  const namespace = random.below(2) === 0 ? 0 : random.below(PARENTS.length);
  const power = random.pick<Looker['power']>('all', 'all', 'none', 'in its user namespace');
  return {
    namespace,
    mounted: random.below(8) === 0 ? (PARENTS[namespace] ?? 0) : namespace,
    uid: power === 'all' ? 0 : random.pick(1000, 1001),
    power,
    hidepid: random.below(5) === 0,
    yama: random.below(3) === 0,
  };
}

/** What /proc shows one who looks. */
export class View implements ProcessSource {
  readonly #history: History;
  readonly #looker: Looker;
  readonly #self: Process;

  constructor(history: History, looker: Looker, random: Random) {
    this.#history = history;
    this.#looker = looker;
    this.#self = history.machine.spawn(random, looker.namespace, looker.uid);
    for (const thread of this.#self.threads) thread.ipcNamespace = 1;
  }

  bootTime(): number {
    return this.#history.machine.bootTime;
  }

  hasNumber(pid: number): boolean {
    return this.#history.machine.threadWith(this.#looker.namespace, pid) !== undefined;
  }

  has(path: string): boolean {
    try {
      this.text(path.includes('/') ? path : `${path}/status`);
      return true;
    } catch (error) {
      return error instanceof NotThere && error.code === 'EACCES';
    }
  }

  names(path: string): string[] {
    if (path === '') {
      const mains = this.#history.machine.allThreads().filter((thread) => thread.pid === thread.process.pid);
      return [
        'self',
        'mounts',
        ...mains.filter((thread) => this.#shows(thread)).map((thread) => this.#number(thread.pid)),
      ].filter((name) => name !== '0');
    }
    const thread = this.#find(path.split('/')[0] ?? '');
    return thread.process.threads.filter(({ state }) => state !== 'gone').map(({ pid }) => this.#number(pid));
  }

  text(path: string): string {
    if (path === 'self/mounts')
      return `proc /proc proc rw,relatime${this.#looker.hidepid ? ',hidepid=invisible' : ''} 0 0\n`;
    const words = path.split('/');
    const thread = this.#find(words.length === 4 ? (words[2] ?? '') : (words[0] ?? ''));
    const file = words.at(-1);
    if (file === 'stat') return this.#stat(thread);
    if (file === 'status') return this.#status(thread);
    if (file === 'syscall') return this.#syscall(thread);
    throw new NotThere('ENOENT');
  }

  link(path: string): string {
    const words = path.split('/');
    if (path === 'self/ns/pid')
      return this.#looker.namespace === 0 ? 'pid:[4026531836]' : `pid:[${this.#looker.namespace}]`;
    if (path === 'self/ns/user')
      return this.#looker.power === 'in its user namespace' ? 'user:[7]' : 'user:[4026531837]';
    const thread = this.#find(words.length === 5 ? (words[2] ?? '') : (words[0] ?? ''));
    if (!this.#mayLook(thread)) throw new NotThere('EACCES');
    if (thread.state === 'Z') throw new NotThere('ENOENT');
    return `ipc:[${thread.ipcNamespace}]`;
  }

  #find(word: string): Thread {
    const [main] = this.#self.threads;
    const thread =
      word === 'self' ? main : this.#history.machine.threadWith(this.#looker.mounted, Number(word));
    if (thread === undefined || !this.#shows(thread)) throw new NotThere('ENOENT');
    return thread;
  }

  #number(pid: Pid): string {
    return String(pid.numbers.get(this.#looker.mounted) ?? 0);
  }

  #shows({ process: other }: Thread): boolean {
    const { hidepid, power, uid, mounted } = this.#looker;
    if (!other.pid.numbers.has(mounted)) return false;
    return !hidepid || power === 'all' || other.uid === uid;
  }

  #mayLook({ process: other }: Thread): boolean {
    const { power, uid } = this.#looker;
    return power === 'all' || (other.uid === uid && !other.ipcOwner && !other.kernel);
  }

  #stat({ pid, state, process: { kernel, startedAt } }: Thread): string {
    const fields = Array.from({ length: 50 }, () => '0');
    fields[0] = state;
    fields[6] = String(kernel ? PF_KTHREAD : 0);
    fields[19] = String(Math.floor(startedAt * TICKS));
    return `${this.#number(pid)} (a) b) ${fields.join(' ')}\n`;
  }

  #status({ pid, state, process: other }: Thread): string {
    const { numbers } = pid;
    const below: number[] = [];
    for (let at: number | undefined = other.namespace; at !== undefined; at = PARENTS[at]) {
      below.unshift(numbers.get(at) ?? 0);
      if (at === this.#looker.mounted) break;
    }
    const uid = `${other.uid}\t${other.uid}\t${other.uid}\t${other.uid}`;
    const isSelf = other === this.#self;
    const ipcOwner = other.ipcOwner ? '0000000000008000' : '0000000000000000';
    const capabilities = isSelf && this.#looker.power !== 'none' ? '000001ffffffffff' : ipcOwner;
    return [
      `Name:\ta) b`,
      `State:\t${state}`,
      `Tgid:\t${this.#number(other.pid)}`,
      `Uid:\t${uid}`,
      `Gid:\t${uid}`,
      `Groups:\t `,
      `NSpid:\t${below.join('\t')}`,
      `CapEff:\t${capabilities}`,
      '',
    ].join('\n');
  }

  #syscall(thread: Thread): string {
    if (!this.#mayLook(thread) || (this.#looker.yama && this.#looker.power !== 'all'))
      throw new NotThere('EACCES');
    const { blocked } = thread;
    if (blocked === undefined) return 'running\n';
    return `${CALLS[blocked.call]} 0x${blocked.queue.toString(16)} 0x7ffe 0x10 0x0 0x0 0x0 0x7ffe 0x7f00\n`;
  }
}

/** What the kernel's calls tell one who looks. */
export class Calls implements Kernel {
  readonly #history: History;
  readonly #looker: Looker;

  constructor(history: History, looker: Looker) {
    this.#history = history;
    this.#looker = looker;
  }

  queueAt(key: number): QueueEntry | undefined {
    const queue = this.#history.queues.find((one) => one.key === key);
    return queue && this.queue(queue);
  }

  /** No program of the model holds messages in a segment. */
  slotsOf(): undefined {
    return undefined;
  }

  setAt(key: number): SemaphoreEntry | undefined {
    const set = this.#history.sets.find((one) => one.key === key);
    return set && this.set(set);
  }

  mayRead({ uid, creatorUid, mode }: QueueEntry): boolean {
    return this.#may({ uid, creatorUid, mode });
  }

  readSet({ id }: SemaphoreEntry): ReturnType<Kernel['readSet']> {
    const set = this.#known(id);
    if (!this.#may(set)) return { readable: false, waiters: 0, lastPids: [], unnamed: true };
    const pids = new Set(set.semaphores.map(({ pid }) => this.number(pid)));
    const unnamed = pids.delete(0);
    return { readable: true, waiters: set.waiters.size + set.watchers.size, lastPids: [...pids], unnamed };
  }

  liveness(
    entry: SemaphoreEntry,
    queue: QueueEntry,
    processes: Parameters<Kernel['liveness']>[2],
  ): ReturnType<Kernel['liveness']> {
    const set = this.#known(entry.id);
    if (!this.#may(set)) return { state: 'unknown' };
    const [semaphore] = set.semaphores;
    const reading = {
      set: entry,
      value: semaphore?.value ?? 0,
      pid: this.number(semaphore?.pid),
      waitingForIncrease: set.waiters.size,
    };
    return judgeLiveness(reading, queue, processes.anew());
  }

  /** pid_vnr: 0 for what has no number in the namespace of who asks. */
  number(pid: Pid | undefined): number {
    return pid?.numbers.get(this.#looker.namespace) ?? 0;
  }

  queue(queue: Queue): QueueEntry {
    const { lastSender, lastReceiver, ...rest } = queue;
    return {
      ...rest,
      gid: rest.uid,
      creatorGid: rest.creatorUid,
      bytes: rest.messages,
      maxBytes: 16_384,
      lastSendPid: this.number(lastSender),
      lastReceivePid: this.number(lastReceiver),
    };
  }

  set({ id, key, mode, uid, creatorUid, semaphores, operateTime, changeTime }: SemaphoreSet): SemaphoreEntry {
    const owner = { uid, gid: uid, creatorUid, creatorGid: creatorUid };
    return { id, key, mode, ...owner, count: semaphores.length, operateTime, changeTime };
  }

  segment({ id, uid, creator, last, attached, attachTime, detachTime, changeTime }: Segment): SegmentEntry {
    const owner = { uid, gid: uid, creatorUid: uid, creatorGid: uid };
    return {
      ...{ id, key: 0, mode: 0o600, ...owner, dest: false, locked: false, bytes: 1 },
      ...{ attachments: attached.length, creatorPid: this.number(creator), lastPid: this.number(last) },
      ...{ attachTime, detachTime, changeTime },
    };
  }

  #known(id: number): SemaphoreSet {
    const set = this.#history.sets.find((one) => one.id === id);
    if (set === undefined) throw new Error(`no set ${id}`);
    return set;
  }

  #may({ uid, creatorUid, mode }: { uid: number; creatorUid: number; mode: number }): boolean {
    const { power, uid: self } = this.#looker;
    if (power === 'all') return true;
    return ((self === uid || self === creatorUid ? mode >> 6 : mode) & 4) !== 0;
  }
}
