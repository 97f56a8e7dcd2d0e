import { basename } from 'node:path';
import { PROC, type ProcessSource } from './process-source.js';
import { programWords } from './program-words.js';
import { unitIn } from './unit.js';
import { hasOwnNumbers, showsEveryProcess } from './visibility.js';

/**
 * The state of a process that the kernel recorded by its pid:
 * - `alive`: it runs;
 * - `dead`: nothing has that pid now;
 * - `ended`: a receiver whose pid nothing has now. It may have been a thread of a process that is alive;
 * - `reused`: what has that pid seems to have started later. It is another process, or the clock was set forward since;
 * - `hidden`: the pid is in use, but /proc doesn't show by what;
 * - `elsewhere`: it is in another pid namespace (the kernel then reports 0);
 * - `never`: there was none.
 */
export type ProcessState = 'alive' | 'dead' | 'ended' | 'reused' | 'hidden' | 'elsewhere' | 'never';

/** A process that the kernel recorded. */
export interface KnownProcess {
  /** The process's pid, even if the kernel recorded one of its threads; 0 for elsewhere and never. */
  readonly pid: number;
  readonly state: ProcessState;
  /** The name of what has the pid now: its comm, at most 15 bytes, or `node` where Node.js calls it MainThread. */
  readonly name?: string;
}

/** The last users of a queue and their times, from its stat. */
interface LastUsers {
  readonly lastSendPid: number;
  readonly lastReceivePid: number;
  /** Seconds since the epoch, as the next one. */
  readonly sendTime: number;
  readonly receiveTime: number;
}

/** A process that exists. */
export interface LiveProcess {
  readonly pid: number;
  readonly name: string;
  /** Seconds since the epoch, by the current wall clock. */
  readonly startTime: number;
}

const NEVER: KnownProcess = { pid: 0, state: 'never' };
const ELSEWHERE: KnownProcess = { pid: 0, state: 'elsewhere' };

/** /proc/PID/stat counts in USER_HZ, which is 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;
/** Object times have whole seconds and the clock is adjusted now and then: this much later still counts as before. */
const SLACK_SECONDS = 2;

/** The fields of proc(5)'s stat from the third on, the state. The name before them may contain anything. */
export function statFields(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** The main thread's comm in Node.js 24 and later: a word that no user typed. */
const MAIN_THREAD = /^(?:node-)?MainThread$/;

const PF_EXITING = 0x4;

/**
 * Whether a thread, by the fields of its stat, runs no more of its program: it is a zombie, or the kernel has begun to
 * end it. That comes before semaphores are lowered (do_exit in kernel/exit.c).
 */
export function hasEnded([state, , , , , , flags]: readonly string[]): boolean {
  return state === 'Z' || state === 'X' || (Number(flags) & PF_EXITING) !== 0;
}

/** Whether a process is stopped by a signal (SIGSTOP, Ctrl-Z) or a debugger: state T or t in proc(5). */
export function isStopped(pid: number, source: ProcessSource = PROC): boolean {
  try {
    return hasOwnNumbers(source) && /^[Tt]$/.test(statFields(source.text(`${pid}/stat`))[0] ?? '');
  } catch {
    return false; // nothing has that pid, or /proc does not show it
  }
}

/** Processes by pid, each looked up once. */
export class Processes {
  readonly #source: ProcessSource;
  readonly #live = new Map<number, LiveProcess | undefined>();
  readonly #scripts = new Map<number, string | undefined>();
  readonly #programs = new Map<number, string | undefined>();
  readonly #units = new Map<number, string | undefined>();
  /** How /proc shows processes: read at first use. */
  #view: { ownNumbers?: boolean; hides?: boolean; bootTime?: number } = {};

  constructor(source: ProcessSource = PROC) {
    this.#source = source;
  }

  /** A copy that knows how /proc shows processes, and has looked up no process yet. */
  anew(): Processes {
    const other = new Processes(this.#source);
    other.#view = this.#view;
    return other;
  }

  /** The process that the kernel recorded as `pid` at `time` (seconds since the epoch, 0: never). */
  find(pid: number, time: number): KnownProcess {
    if (pid === 0) return time === 0 ? NEVER : ELSEWHERE;
    const live = this.live(pid);
    if (live === undefined) return { pid, state: this.#isHidden(pid) ? 'hidden' : 'dead' };
    const { name, startTime } = live;
    if (startTime > time + SLACK_SECONDS) return { pid, state: 'reused', name };
    return { pid: live.pid, state: 'alive', name };
  }

  /**
   * The last receiver. For a message that it hands to a blocked receiver the kernel records the *thread*
   * (pipelined_send in ipc/msg.c); for every other call it records the process.
   */
  lastReceiver(queue: LastUsers): KnownProcess {
    const { lastReceivePid, receiveTime, lastSendPid, sendTime } = queue;
    const found = this.find(lastReceivePid, receiveTime);
    if (found.state !== 'dead') return found;
    // A process sent with that pid at about the same time, so it was no thread's.
    const isProcess = lastReceivePid === lastSendPid && Math.abs(sendTime - receiveTime) <= SLACK_SECONDS;
    return isProcess ? found : { pid: lastReceivePid, state: 'ended' };
  }

  /**
   * Whether the kernel is still ending a process that `find` calls dead. Its semaphores are as it left them until its last
   * thread is a zombie (exit_sem before exit_notify in kernel/exit.c), which takes a while for one with much memory.
   */
  isExiting(pid: number): boolean {
    return this.#hasOwnNumbers() && this.#hasThread(pid, ([state]) => state !== 'Z' && state !== 'X');
  }

  /** The process that has that pid, or one of whose threads has it. */
  live(pid: number): LiveProcess | undefined {
    return remembered(this.#live, pid, () => this.#read(pid));
  }

  /** The command line, from /proc/PID/cmdline; undefined if it is empty or can't be read. */
  commandLine(pid: number): string | undefined {
    return joined(this.#words(pid));
  }

  /** The same, with the script's name in place of its interpreter and without the folders of the program. */
  program(pid: number): string | undefined {
    return remembered(this.#programs, pid, () => {
      const words = this.#words(pid);
      return words && joined(programWords(words));
    });
  }

  /** The script that an interpreter runs, without its folder; undefined for other programs. */
  script(pid: number): string | undefined {
    return remembered(this.#scripts, pid, () => {
      const words = this.#words(pid) ?? [];
      const [first] = programWords(words);
      return first === basename(words[0] ?? '') ? undefined : first;
    });
  }

  /** The container or the systemd unit that it belongs to: `docker 0123456789ab`, `cron.service`. */
  unit(pid: number): string | undefined {
    return remembered(this.#units, pid, () => {
      const cgroup = this.#textIfThere(`${pid}/cgroup`);
      return cgroup === undefined ? undefined : unitIn(cgroup);
    });
  }

  // Asked only where it is possible: the answer for a dead process costs an exception.
  #isHidden(pid: number): boolean {
    const hides = (this.#view.hides ??= !showsEveryProcess(this.#source));
    if (!hides || !this.#source.hasNumber(pid)) return false;
    return !this.#hasOwnNumbers() || !this.#source.has(String(pid));
  }

  #hasOwnNumbers(): boolean {
    return (this.#view.ownNumbers ??= hasOwnNumbers(this.#source));
  }

  #words(pid: number): readonly string[] | undefined {
    const words = this.#textIfThere(`${pid}/cmdline`)?.replace(/\0+$/, '').split('\0');
    return words?.map((word) => Buffer.from(word, 'latin1').toString());
  }

  #textIfThere(path: string): string | undefined {
    if (!this.#source.has(path)) return undefined;
    try {
      return this.#source.text(path);
    } catch {
      return undefined; // it ended meanwhile
    }
  }

  #read(pid: number): LiveProcess | undefined {
    if (!this.#hasOwnNumbers()) return undefined;
    const status = this.#textIfThere(`${pid}/status`);
    const tgid = Number(/^Tgid:\t(\d+)/m.exec(status ?? '')?.[1]);
    const stat = Number.isNaN(tgid) ? undefined : this.#textIfThere(`${tgid}/stat`);
    if (stat === undefined) return undefined;
    const fields = statFields(stat);
    // A main thread that has called pthread_exit shows as a zombie while other threads run.
    if (hasEnded(fields) && !this.#hasThread(tgid, (thread) => !hasEnded(thread))) return undefined;
    const bootTime = (this.#view.bootTime ??= this.#source.bootTime());
    return {
      pid: tgid,
      name: this.#name(tgid, stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))),
      // Field 22 of proc(5), counted from the state, which is the third.
      startTime: bootTime + Number(fields[19]) / TICKS_PER_SECOND,
    };
  }

  #name(pid: number, comm: string): string {
    const started = MAIN_THREAD.test(comm) ? basename(this.#words(pid)?.[0] ?? '') : '';
    return started || Buffer.from(comm, 'latin1').toString();
  }

  #hasThread(pid: number, matches: (fields: readonly string[]) => boolean): boolean {
    try {
      return this.#source.names(`${pid}/task`).some((tid) => {
        const stat = this.#textIfThere(`${pid}/task/${tid}/stat`);
        return stat !== undefined && matches(statFields(stat));
      });
    } catch {
      return false; // it ended meanwhile
    }
  }
}

/** What is known of a process, or is found out now. */
function remembered<Fact>(known: Map<number, Fact>, pid: number, find: () => Fact): Fact {
  if (!known.has(pid)) known.set(pid, find());
  return known.get(pid) as Fact;
}

function joined(words: readonly string[] | undefined): string | undefined {
  const line = words?.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
  return line === "''" ? undefined : line;
}
