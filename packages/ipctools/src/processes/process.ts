import { existsSync, readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { codeOf } from '../failure.js';
import { showsEveryProcess } from './visibility.js';

/**
 * What became of a process that the kernel named by its number:
 * - `alive`: it runs;
 * - `dead`: nothing has that number now, or something that started after the kernel wrote the number down;
 * - `hidden`: something has that number, but /proc shows others' processes to root only (hidepid);
 * - `elsewhere`: it belongs to another pid namespace (the kernel then says 0);
 * - `never`: there was none.
 */
export type ProcessState = 'alive' | 'dead' | 'hidden' | 'elsewhere' | 'never';

export interface KnownProcess {
  /** The process's own number, also where the kernel named one of its threads; 0 for elsewhere and never. */
  readonly pid: number;
  readonly state: ProcessState;
  /** The command's name (comm, at most 15 bytes), of one that is alive. */
  readonly name?: string;
  /** Of one that is dead: its number belongs to another process now. */
  readonly reused?: true;
}

const NEVER: KnownProcess = { pid: 0, state: 'never' };
const ELSEWHERE: KnownProcess = { pid: 0, state: 'elsewhere' };

interface LiveProcess {
  readonly pid: number;
  readonly name: string;
  /** Seconds since the epoch. */
  readonly startTime: number;
}

/** /proc/PID/stat counts in USER_HZ, which is 100 on every Linux that Node.js runs on. */
const TICKS_PER_SECOND = 100;
/** Object times have whole seconds and the clock is adjusted now and then: how much later still counts as before. */
const SLACK_SECONDS = 2;

function readIfThere(path: string): string | undefined {
  // Asked first, because an exception costs more than a call, and a table of dead processes has many.
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // it ended meanwhile
  }
}

/** Whether anything has that number, by kill(2) with signal 0, which needs no /proc. */
function hasNumber(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Processes by number, each read from /proc once. */
export class Processes {
  readonly #live = new Map<number, LiveProcess | undefined>();
  readonly #bootTime = Date.now() / 1000 - uptime();
  #hides: boolean | undefined;

  /**
   * The process that the kernel wrote down as `pid` at `time` (seconds since the epoch, 0: never). msg_lrpid can
   * be the number of a thread, which is mapped to its process.
   */
  find(pid: number, time: number): KnownProcess {
    if (pid === 0) return time === 0 ? NEVER : ELSEWHERE;
    const live = this.live(pid);
    if (live === undefined) return { pid, state: this.#isHidden(pid) ? 'hidden' : 'dead' };
    if (live.startTime > time + SLACK_SECONDS) return { pid, state: 'dead', reused: true };
    return { pid: live.pid, state: 'alive', name: live.name };
  }

  /** The name of a process that runs now. */
  live(pid: number): LiveProcess | undefined {
    if (!this.#live.has(pid)) this.#live.set(pid, this.#read(pid));
    return this.#live.get(pid);
  }

  /** The command line, from /proc/PID/cmdline; undefined where it can't be read or is empty. */
  commandLine(pid: number): string | undefined {
    const words = readIfThere(`/proc/${pid}/cmdline`)?.replace(/\0+$/, '').split('\0');
    const line = words?.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
    return line === "''" ? undefined : line;
  }

  // Asked only where it can be, as the answer for a dead process takes an exception.
  #isHidden(pid: number): boolean {
    this.#hides ??= !showsEveryProcess();
    return this.#hides && !existsSync(`/proc/${pid}`) && hasNumber(pid);
  }

  #read(pid: number): LiveProcess | undefined {
    const status = readIfThere(`/proc/${pid}/status`);
    const tgid = Number(/^Tgid:\t(\d+)/m.exec(status ?? '')?.[1]);
    const stat = readIfThere(`/proc/${tgid}/stat`);
    if (Number.isNaN(tgid) || stat === undefined) return undefined;
    const end = stat.lastIndexOf(')');
    const fields = stat.slice(end + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return {
      pid: tgid,
      name: stat.slice(stat.indexOf('(') + 1, end),
      // Field 22 of proc(5), counted from the state, which is the third.
      startTime: this.#bootTime + Number(fields[19]) / TICKS_PER_SECOND,
    };
  }
}
