import { readNamingKey } from '@timeq/cli-kit/args/key';
import { readObjectId } from '@timeq/cli-kit/args/object-id';
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

/** A queue as the user names it: `0x80` is a key and always hexadecimal, `5` is an id and always decimal. */
export function parseTarget(word: string): QueueTarget {
  if (/^0x/i.test(word)) return { by: 'key', key: readNamingKey(word) };
  if (/^\d+$/.test(word)) return { by: 'id', id: readObjectId(word) };
  throw new UsageError(
    `'${word}' is neither a key nor an id; write a key as 0x80 or an id as 5 (see \`ipctools list\`)`,
  );
}

const WHICH_QUEUE = 'which queue? Give a key as 0x80 or an id as 5 (see `ipctools list`)';

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
  return { target: parseTarget(first), rest };
}

/** As takeTarget, for a verb that takes only a queue. */
export function onlyTarget(words: readonly string[], options: TargetOptions): QueueTarget {
  const { target, rest } = takeTarget(words, options);
  if (rest.length > 0) throw new UsageError(`give only one queue; unexpected: '${rest.join(' ')}'`);
  return target;
}

/** All queues that words and options name, for a verb that takes several. @throws UsageError where there is none */
export function someTargets(words: readonly string[], options: TargetListOptions): readonly QueueTarget[] {
  const targets = [
    ...words.map(parseTarget),
    ...(options.queueKey ?? []).map((word): QueueTarget => ({ by: 'key', key: readNamingKey(word) })),
    ...(options.queueId ?? []).map((word): QueueTarget => ({ by: 'id', id: readObjectId(word) })),
  ];
  if (targets.length === 0) throw new UsageError(WHICH_QUEUE);
  return targets;
}
