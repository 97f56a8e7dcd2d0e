import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { codeOf } from '../failure.js';
import { showsEveryProcess } from './visibility.js';
import { knowsCallNumbers, parseBlockedCall, type BlockedCall } from './syscalls.js';

/** A thread that waits in msgsnd or msgrcv, in this IPC namespace. */
export interface BlockedThread extends BlockedCall {
  readonly pid: number;
  /** The thread's own id; the main thread's is the pid. */
  readonly tid: number;
}

/** Who is blocked on message queues now. */
export interface BlockedThreads {
  /** By queue id. */
  readonly byQueue: ReadonlyMap<number, readonly BlockedThread[]>;
  /** Whether every process could be looked at; if not, "nobody waits" is not known. */
  readonly complete: boolean;
  /** Processes that are there and could not be looked at; there may be others that don't even show. */
  readonly unseen?: readonly number[];
}

const PF_KTHREAD = 0x0020_0000;

// A process that can't be looked into doesn't matter if it is a kernel thread or a zombie: neither waits on a queue.
function canWait(statPath: string): boolean {
  let stat: string;
  try {
    stat = readFileSync(statPath, 'latin1');
  } catch {
    return false; // gone meanwhile
  }
  // The name stands in parentheses and may hold anything; state and flags are the 3rd and the 9th field.
  const [state, , , , , , flags] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state !== 'Z' && state !== 'X' && (Number(flags) & PF_KTHREAD) === 0;
}

const line = Buffer.alloc(256);

function readLine(path: string): string {
  const fd = openSync(path, 'r');
  try {
    return line.toString('latin1', 0, readSync(fd, line));
  } finally {
    closeSync(fd);
  }
}

function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ESRCH';
}

/** The inodes of the namespaces that Linux boots with: include/linux/proc_ns.h. */
const FIRST_IPC_NAMESPACE = 'ipc:[4026531839]';
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

/**
 * Whether there may be threads of which /proc tells nothing: it is mounted with hidepid, or this is a container that
 * shares the host's IPC namespace, but not its processes; or the kernel was built without the file, or its numbers are
 * not known here.
 */
function seesOnlyAPart(namespace: string, proc: string): boolean {
  if (!knowsCallNumbers() || !existsSync(`${proc}/self/syscall`) || !showsEveryProcess(proc)) return true;
  if (namespace !== FIRST_IPC_NAMESPACE) return false;
  try {
    return readlinkSync(`${proc}/self/ns/pid`) !== FIRST_PID_NAMESPACE;
  } catch {
    return true;
  }
}

/**
 * Looks at every thread of every process through /proc (`proc` is for tests). Needs the right to trace them: the
 * same user (and a Yama that allows it) or root. A snapshot of many moments, one per thread.
 * @param namespace the IPC namespace to look at, as /proc/PID/ns/ipc links to it; this process's own if not given
 */
export function findBlockedThreads(
  proc = '/proc',
  namespace = readlinkSync(`${proc}/self/ns/ipc`),
): BlockedThreads {
  const byQueue = new Map<number, BlockedThread[]>();
  const unseen: number[] = [];
  for (const name of readdirSync(proc)) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (readlinkSync(`${proc}/${name}/ns/ipc`) !== namespace) continue;
      for (const tid of readdirSync(`${proc}/${name}/task`)) {
        const call = parseBlockedCall(readLine(`${proc}/${name}/task/${tid}/syscall`));
        if (call === undefined) continue;
        const threads = byQueue.get(call.queueId);
        const thread = { pid: Number(name), tid: Number(tid), ...call };
        if (threads === undefined) byQueue.set(call.queueId, [thread]);
        else threads.push(thread);
      }
    } catch (error) {
      if (!isGone(error) && canWait(`${proc}/${name}/stat`)) unseen.push(Number(name));
    }
  }
  const complete = unseen.length === 0 && !seesOnlyAPart(namespace, proc);
  return { byQueue, complete, unseen };
}
