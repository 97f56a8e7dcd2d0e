import { IpcError, wallClock } from '@timeq/mq-native';
import { clockState, ctime } from '@timeq/mq-native/libc';
import type { ClockSync } from '@timeq/time-protocol';
import type { Clocks } from './clocks.js';

/** The clocks of the machine, in the zone of the process. */
export const machineClocks = {
  wall: wallClock,
  steady: () => process.hrtime.bigint(),
  asctime: (second: bigint) => ctime(Number(second)),
  sync: readSync,
} satisfies Clocks;

function readSync(): ClockSync {
  try {
    const { synchronised, maxErrorNs, estimatedErrorNs, leapSecond, taiOffset } = clockState();
    return {
      synchronised,
      // Without synchronisation they are the kernel's greatest, and say nothing.
      ...(synchronised && { maxErrorNs }),
      ...(synchronised && estimatedErrorNs > 0 && { estimatedErrorNs }),
      ...(leapSecond && { leapSecond }),
      ...(taiOffset !== undefined && { taiOffset }),
    };
  } catch (error) {
    if (!(error instanceof IpcError)) throw error;
    return { synchronised: null, unreadable: error.code };
  }
}
