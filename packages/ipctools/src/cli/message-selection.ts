import { readMessageType, readTypeSelection } from '@timeq/cli-kit/args/message-type';
import type { Selection } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';

/** What --type and --except select, for msgrcv(2). @throws UsageError if both are given */
export function parseSelection(options: { readonly type?: string; readonly except?: string }): Selection {
  const { type, except } = options;
  if (type !== undefined && except !== undefined) throw new UsageError('use only one of --type and --except');
  if (except !== undefined) return { except: readMessageType(except) };
  return type === undefined ? {} : { type: readTypeSelection(type) };
}
