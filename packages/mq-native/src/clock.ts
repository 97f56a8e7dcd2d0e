import { native } from './native.js';

/** The wall clock: nanoseconds since the epoch (CLOCK_REALTIME, clock_gettime(2)). It can be set back. */
export function wallClock(): bigint {
  return native.clockRealtime();
}
