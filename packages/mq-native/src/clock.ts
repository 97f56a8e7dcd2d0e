import { native } from './native.js';

/** The wall clock: nanoseconds since the epoch (CLOCK_REALTIME, clock_gettime(2)). It can be set back. */
export function wallClock(): bigint {
  return native.clockRealtime();
}

/**
 * Nanoseconds since the machine booted (CLOCK_BOOTTIME): the clock by which /proc/PID/stat tells when a process started.
 * It can't be set, and a container's own uptime does not change it.
 */
export function bootClock(): bigint {
  return native.clockBoottime();
}
