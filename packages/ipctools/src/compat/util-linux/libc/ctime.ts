import { localTime } from '@timeq/mq-native';
import { asctime } from '@timeq/time-protocol';

/** What ctime(3) writes of a time in seconds since the epoch, without the newline: `Fri Nov 20 09:09:00 2026`. */
export function ctime(time: number): string {
  return asctime(localTime(time));
}
