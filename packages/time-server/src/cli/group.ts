import { groupId } from '@timeq/mq-native/libc';
import { InvalidArgumentError } from 'commander';

/** A group by its name or its number. */
export function parseGroup(text: string): number {
  if (/^[0-9]{1,10}$/.test(text) && Number(text) < 2 ** 32 - 1) return Number(text);
  const gid = groupId(text);
  if (gid === undefined) throw new InvalidArgumentError('There is no such group.');
  return gid;
}
