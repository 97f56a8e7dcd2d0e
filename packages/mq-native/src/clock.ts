import { checkInteger } from './errors/argument-error.js';
import { IpcError } from './errors/ipc-error.js';
import { fields, native } from './native.js';

/** The wall clock: nanoseconds since the epoch (CLOCK_REALTIME, clock_gettime(2)). It can be set back. */
export function wallClock(): bigint {
  return native.clockRealtime();
}

/** A second in the local zone, as C's `struct tm` has it but with the year in full. */
export interface LocalTime {
  readonly year: number;
  /** 0 (January) to 11. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** 0 to 60: a leap second counts in a zone that has them. */
  readonly second: number;
  /** 0 (Sunday) to 6. */
  readonly weekday: number;
}

/**
 * The local time of a second since the epoch, by the C library and the machine's zone files (localtime(3)). A Date goes
 * by those that Node brings along, and understands fewer forms of TZ: not `CET-1CEST,M3.5.0,M10.5.0/3`.
 * @throws RangeError; IpcError EOVERFLOW for a year beyond 2^31
 */
export function localTime(second: number): LocalTime {
  checkInteger('second', second, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const result = native.localTime(second);
  if (result !== 0) throw new IpcError(-result, { syscall: 'localtime' });
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, secondOfMinute = 0, weekday = 0] = fields;
  return { year, month, day, hour, minute, second: secondOfMinute, weekday };
}
