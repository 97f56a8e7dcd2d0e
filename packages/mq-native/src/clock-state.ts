import { platform } from 'node:process';
import { IpcError } from './errors/ipc-error.js';
import { fields, native } from './native.js';

/** What adjtimex(2) returns. */
const TIME_INS = 1;
const TIME_DEL = 2;
const TIME_ERROR = 5;

/** Of NTP, in microseconds: what Linux takes the error for when it knows nothing. */
const UNKNOWN_ERROR = 16_000_000;

/** What the kernel knows of the machine's clock. */
export interface ClockState {
  /** Whether a program such as chronyd keeps it right. */
  readonly synchronised: boolean;
  /** Nanoseconds that it is wrong by at most, as that program says. */
  readonly maxErrorNs: number;
  /** Nanoseconds that it is probably wrong by; 0 from a program that does not tell. */
  readonly estimatedErrorNs: number;
  /** What happens to the last second of this day in UTC. */
  readonly leapSecond: 'insert' | 'delete' | undefined;
  /** Seconds that TAI is ahead of UTC; undefined if the kernel was not told. */
  readonly taiOffset: number | undefined;
}

/**
 * The state of the machine's clock, by adjtimex(2), or ntp_gettime(2) elsewhere than on Linux.
 * @throws IpcError EPERM where a container or a filter of system calls forbids it
 */
export function clockState(): ClockState {
  const result = native.clockState();
  if (result !== 0) throw new IpcError(-result, { syscall: 'adjtimex' });
  const [state, maxError = 0, estimatedError = 0, tai = 0] = fields;
  return {
    // chronyd without rtcsync leaves the mark of an unsynchronised clock, and tells the error; so for timedatectl, too.
    synchronised: platform === 'linux' ? maxError < UNKNOWN_ERROR : state !== TIME_ERROR,
    maxErrorNs: maxError * 1000,
    estimatedErrorNs: estimatedError * 1000,
    leapSecond: state === TIME_INS ? 'insert' : state === TIME_DEL ? 'delete' : undefined,
    taiOffset: tai === 0 ? undefined : tai,
  };
}
