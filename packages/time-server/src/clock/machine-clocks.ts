import { wallClock } from '@timeq/mq-native';
import { ctime } from '@timeq/mq-native/libc';
import type { Clocks } from './clocks.js';

/** The clocks of the machine, in the zone of the process. */
export const machineClocks: Clocks = {
  wall: wallClock,
  steady: () => process.hrtime.bigint(),
  asctime: (second) => ctime(Number(second)),
};
