import {
  hasEnded,
  hasOwnNumbers,
  isWholeMachine,
  PROC,
  showsEveryProcess,
  statFields,
  type ProcessSource,
} from '@timeq/mq-native';
import { codeOf } from '../failure.js';
import { readCredentials, type Credentials } from './credentials.js';
import { knowsCallNumbers, parseBlockedCall, type BlockedCall } from './syscalls.js';

/** A thread that waits in msgsnd or msgrcv, in this IPC namespace. */
export interface BlockedThread extends BlockedCall {
  readonly pid: number;
  /** The thread's own id; the main thread's is the pid. */
  readonly tid: number;
}

/** A process that exists and could not be inspected. */
export interface UnseenProcess {
  readonly pid: number;
  /** The credentials of its threads; undefined if they can't be read. */
  readonly credentials: readonly (Credentials | undefined)[];
}

/** The threads that are blocked on message queues now. */
export interface BlockedThreads {
  /** By queue id. */
  readonly byQueue: ReadonlyMap<number, readonly BlockedThread[]>;
  /** Whether every process of this pid namespace could be inspected; if not, threads may be blocked unseen. */
  readonly complete: boolean;
  /** Whether there are processes that are not visible here: hidden ones, or those of another pid namespace. */
  readonly partial: boolean;
  /** Visible processes that could not be inspected. */
  readonly unseen: readonly UnseenProcess[];
}

const PF_KTHREAD = 0x0020_0000;

/** A kernel thread or one that has ended waits on no queue. */
function canWait(stat: string): boolean {
  const fields = statFields(stat);
  return !hasEnded(fields) && (Number(fields[6]) & PF_KTHREAD) === 0;
}

function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ESRCH';
}

/** What `read` returns; undefined if what it reads is gone. */
function unlessGone<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether a thread that could not be inspected may wait on a queue of that IPC namespace. */
function mayWait(source: ProcessSource, thread: string, namespace: string): boolean {
  try {
    const stat = unlessGone(() => source.text(`${thread}/stat`));
    if (stat === undefined || !canWait(stat)) return false;
  } catch {
    return true;
  }
  try {
    return unlessGone(() => source.link(`${thread}/ns/ipc`)) === namespace;
  } catch {
    return true; // not even that can be read
  }
}

/** The findings on one process: the calls in which its threads are blocked, and the threads that can't be read. */
function lookAtProcess(
  source: ProcessSource,
  pid: string,
  namespace: string,
): { readonly blocked: readonly BlockedThread[]; readonly unseen: readonly (Credentials | undefined)[] } {
  const blocked: BlockedThread[] = [];
  const unseen: (Credentials | undefined)[] = [];
  for (const tid of unlessGone(() => source.names(`${pid}/task`)) ?? []) {
    const thread = `${pid}/task/${tid}`;
    try {
      const line = unlessGone(() => source.text(`${thread}/syscall`));
      const call = line === undefined ? undefined : parseBlockedCall(line);
      // Each thread has an IPC namespace of its own (unshare(2)), and that of a main thread that has ended is gone.
      if (call !== undefined && unlessGone(() => source.link(`${thread}/ns/ipc`)) === namespace)
        blocked.push({ pid: Number(pid), tid: Number(tid), ...call });
    } catch {
      if (mayWait(source, thread, namespace)) unseen.push(readCredentials(source, thread));
    }
  }
  return { blocked, unseen };
}

/**
 * Inspects every thread of every process through /proc. That takes permission to trace them: the same user (and a Yama
 * that allows it) or root. Each thread is read at its own moment.
 * @param namespace the IPC namespace to inspect, as /proc/PID/ns/ipc links to it; this process's own if not given
 */
export function findBlockedThreads(
  namespace = PROC.link('self/ns/ipc'),
  source: ProcessSource = PROC,
): BlockedThreads {
  const byQueue = new Map<number, BlockedThread[]>();
  const unseen: UnseenProcess[] = [];
  for (const name of source.names('')) {
    if (!/^\d+$/.test(name)) continue;
    let found: ReturnType<typeof lookAtProcess>;
    try {
      found = lookAtProcess(source, name, namespace);
    } catch {
      unseen.push({ pid: Number(name), credentials: [undefined] });
      continue;
    }
    for (const thread of found.blocked) {
      const threads = byQueue.get(thread.queueId);
      if (threads === undefined) byQueue.set(thread.queueId, [thread]);
      else threads.push(thread);
    }
    if (found.unseen.length > 0) unseen.push({ pid: Number(name), credentials: found.unseen });
  }
  const shows = knowsCallNumbers() && source.has('self/syscall') && showsEveryProcess(source);
  const partial = !shows || !hasOwnNumbers(source) || !isWholeMachine(source);
  return {
    byQueue,
    complete: shows && unseen.length === 0 && !usesFirstNamespace(source, namespace),
    partial,
    unseen,
  };
}

/** The inode of the IPC namespace that Linux boots with: include/linux/proc_ns.h. */
const FIRST_IPC_NAMESPACE = 'ipc:[4026531839]';

/** A container that shares the host's IPC namespace, but not its processes. */
function usesFirstNamespace(source: ProcessSource, namespace: string): boolean {
  return namespace === FIRST_IPC_NAMESPACE && !isWholeMachine(source);
}
