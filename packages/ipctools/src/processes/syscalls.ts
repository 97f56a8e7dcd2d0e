import { MSG_EXCEPT } from '@timeq/mq-native/libc';

/** A system call in which a thread can be blocked on a message queue. */
export type BlockingCall = 'msgsnd' | 'msgrcv';

interface CallNumbers {
  readonly msgsnd: readonly number[];
  readonly msgrcv: readonly number[];
  /** semop, semtimedop and semtimedop_time64. */
  readonly semop?: readonly number[];
  /** The number of ipc(2), which older 32-bit and s390/ppc/mips programs go through. */
  readonly ipc?: number;
}

// From the kernel's arch/*/syscall*.tbl and include/uapi/asm-generic/unistd.h. Where an architecture also runs
// 32-bit programs, their numbers stand second; none of those means a call that blocks in the 64-bit table.
const NUMBERS: Readonly<Record<string, CallNumbers>> = {
  x64: { msgsnd: [69, 400], msgrcv: [70, 401], semop: [65, 220, 420], ipc: 117 },
  ia32: { msgsnd: [400], msgrcv: [401], ipc: 117 },
  arm64: { msgsnd: [189, 301], msgrcv: [188, 302], semop: [193, 192] },
  arm: { msgsnd: [301], msgrcv: [302] },
  riscv64: { msgsnd: [189], msgrcv: [188], semop: [193, 192] },
  loong64: { msgsnd: [189], msgrcv: [188], semop: [193, 192] },
  ppc64: { msgsnd: [400], msgrcv: [401], ipc: 117 },
  s390x: { msgsnd: [400], msgrcv: [401], ipc: 117 },
  mips: { msgsnd: [4400], msgrcv: [4401], ipc: 4117 },
  mipsel: { msgsnd: [4400], msgrcv: [4401], ipc: 4117 },
};

// ipc(2): the first argument says which call is meant, with a version in its upper half (linux/ipc.h).
const IPC_MSGSND = 11;
const IPC_MSGRCV = 12;

/** A blocked thread's call. */
export interface BlockedCall {
  readonly call: BlockingCall;
  readonly queueId: number;
  /** The type argument of msgrcv(2); undefined if the kernel's call hides it. */
  readonly type?: bigint;
  /** msgrcv with MSG_EXCEPT. */
  readonly except?: boolean;
  /** msgsnd: the size of the body, in bytes. */
  readonly bytes?: number;
}

function low32(word: string | undefined): number {
  return Number(BigInt(word ?? '0x0') & 0xffff_ffffn) | 0;
}

/** Whether this architecture's numbers are known; if not, no blocked thread is ever recognised. */
export function knowsCallNumbers(architecture: string = process.arch): boolean {
  return NUMBERS[architecture] !== undefined;
}

/**
 * Reads a line of /proc/PID/task/TID/syscall (proc(5)): the number of the system call that the thread is blocked
 * in and its six arguments, or `running`. Undefined if it isn't blocked on a message queue.
 */
export function parseBlockedCall(line: string, architecture: string = process.arch): BlockedCall | undefined {
  const numbers = NUMBERS[architecture];
  const number = Number.parseInt(line, 10);
  const sends = numbers?.msgsnd.includes(number) === true;
  const receives = numbers?.msgrcv.includes(number) === true;
  // Nearly every thread of a machine waits in another call.
  if (numbers === undefined || !(sends || receives || number === numbers.ipc)) return undefined;
  const words = line.trim().split(' ');
  const first = low32(words[1]);
  if (sends) return { call: 'msgsnd', queueId: first, bytes: low32(words[3]) };
  if (receives) {
    const wide = number === numbers.msgrcv[0] && architecture !== 'arm' && architecture !== 'ia32';
    const except = (low32(words[5]) & MSG_EXCEPT) !== 0;
    return {
      call: 'msgrcv',
      queueId: first,
      type: BigInt.asIntN(wide ? 64 : 32, BigInt(words[4] ?? '0')),
      except,
    };
  }
  const queueId = low32(words[2]);
  if ((first & 0xffff) === IPC_MSGSND) return { call: 'msgsnd', queueId, bytes: low32(words[3]) };
  return (first & 0xffff) === IPC_MSGRCV ? { call: 'msgrcv', queueId } : undefined;
}

/** The id of the semaphore set that a thread waits for, by its line of /proc/PID/task/TID/syscall. */
export function semaphoreSetWaitedFor(line: string, architecture: string = process.arch): number | undefined {
  const [number, first] = line.trim().split(' ');
  return NUMBERS[architecture]?.semop?.includes(Number(number)) === true ? low32(first) : undefined;
}
