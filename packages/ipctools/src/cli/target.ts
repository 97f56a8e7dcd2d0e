import { readNamingKey } from '@timeq/cli-kit/args/key';
import { readObjectId } from '@timeq/cli-kit/args/object-id';
import { readQueueTarget, refuseMore, WHICH_QUEUE } from '@timeq/cli-kit/args/queue-target';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { QueueTarget } from '../model/find-queue.js';

/** The options -Q KEY and -q ID, which name the queue in place of the first word. */
export interface TargetOptions {
  readonly queueKey?: string;
  readonly queueId?: string;
}

/** The same for a verb that takes several queues: each option can be repeated. */
export interface TargetListOptions {
  readonly queueKey?: readonly string[];
  readonly queueId?: readonly string[];
}

/** The queue that -Q, -q or the first word names, and the remaining words. */
export function takeTarget(
  words: readonly string[],
  options: TargetOptions,
): { target: QueueTarget; rest: readonly string[] } {
  const { queueKey, queueId } = options;
  if (queueKey !== undefined && queueId !== undefined) throw new UsageError('use only one of -Q and -q');
  if (queueKey !== undefined) return { target: { by: 'key', key: readNamingKey(queueKey) }, rest: words };
  if (queueId !== undefined) return { target: { by: 'id', id: readObjectId(queueId) }, rest: words };
  const [first, ...rest] = words;
  if (first === undefined) throw new UsageError(WHICH_QUEUE);
  return { target: readQueueTarget(first), rest };
}

/** As takeTarget, for a verb that takes only a queue. */
export function onlyTarget(words: readonly string[], options: TargetOptions): QueueTarget {
  const { target, rest } = takeTarget(words, options);
  refuseMore(rest);
  return target;
}

/** All queues that words and options name, for a verb that takes several. @throws UsageError where there is none */
export function someTargets(words: readonly string[], options: TargetListOptions): readonly QueueTarget[] {
  const targets = [
    ...words.map(readQueueTarget),
    ...(options.queueKey ?? []).map((word): QueueTarget => ({ by: 'key', key: readNamingKey(word) })),
    ...(options.queueId ?? []).map((word): QueueTarget => ({ by: 'id', id: readObjectId(word) })),
  ];
  if (targets.length === 0) throw new UsageError(WHICH_QUEUE);
  return targets;
}
