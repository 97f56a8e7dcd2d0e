import type { ProcessSource } from './process-source.js';

/** The inodes of the namespaces that Linux boots with: include/linux/proc_ns.h. */
const FIRST_PID_NAMESPACE = 'pid:[4026531836]';
const FIRST_USER_NAMESPACE = 'user:[4026531837]';

/** The number of CAP_SYS_PTRACE in linux/capability.h. */
const SYS_PTRACE = 19n;

const statusLine = (status: string, name: string): string =>
  new RegExp(`^${name}:\\t(.*)`, 'm').exec(status)?.[1] ?? '';

/** Whether /proc is mounted so that it hides the processes of other users. Source: proc(5). */
function isMountedHiding(source: ProcessSource): boolean {
  // Of several mounts at one place the last one is visible.
  const mount = source
    .text('self/mounts')
    .split('\n')
    .findLast((line) => line.split(' ')[1] === '/proc');
  return /(?:^|,)hidepid=(?!0|off)/.test(mount?.split(' ')[3] ?? '');
}

/** Whether this process may inspect every process: root of another user namespace may not. */
function mayTraceAll(source: ProcessSource, status: string): boolean {
  const capabilities = BigInt(`0x${statusLine(status, 'CapEff') || '0'}`);
  return ((capabilities >> SYS_PTRACE) & 1n) === 1n && source.link('self/ns/user') === FIRST_USER_NAMESPACE;
}

/**
 * Whether /proc has the pids that the kernel uses for this process. After `unshare --pid` without a new /proc they are
 * those of another pid namespace, and NSpid lists this process's pid in more than one.
 */
export function hasOwnNumbers(source: ProcessSource): boolean {
  try {
    return !/\s/.test(statusLine(source.text('self/status'), 'NSpid'));
  } catch {
    return false;
  }
}

/**
 * Whether /proc shows the processes of every user of this pid namespace. Process 1 always exists: if it is not visible,
 * others are not either; if it is visible because it is this user's own, the mount's options tell.
 */
export function showsEveryProcess(source: ProcessSource): boolean {
  if (!source.has('1/status') || !hasOwnNumbers(source)) return false;
  try {
    const status = source.text('self/status');
    if (!isMountedHiding(source) || mayTraceAll(source, status)) return true;
    const [uid] = statusLine(source.text('1/status'), 'Uid').split('\t');
    return uid !== statusLine(status, 'Uid').split('\t')[1];
  } catch {
    return false;
  }
}

/**
 * Whether there are no processes outside of this pid namespace and those below it. In any but the first there may be: a
 * pod's containers, or `docker --ipc=container:`, share an IPC namespace and don't see each other's processes, and
 * Linux does not list the members of an IPC namespace.
 */
export function isWholeMachine(source: ProcessSource): boolean {
  try {
    return source.link('self/ns/pid') === FIRST_PID_NAMESPACE;
  } catch {
    return false;
  }
}
