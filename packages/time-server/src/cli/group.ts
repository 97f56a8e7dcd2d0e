import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { groupId } from '@timeq/mq-native/libc';

/** A group by its name or its number. @throws UsageError */
export function readGroup(text: string): number {
  if (/^[0-9]{1,10}$/.test(text) && Number(text) < 2 ** 32 - 1) return Number(text);
  const gid = groupId(text);
  if (gid === undefined) throw new UsageError(`there is no group '${text}'`);
  return gid;
}
