import { SharedMemory, type QueueEntry, type SegmentEntry } from '@timeq/mq-native';
import { fullness } from './queue-state.js';
import type { Facts } from './facts.js';
import { formatCount } from '../format/count.js';
import { isUnlimited, readLimits, usedPercent, type Limit } from './limits.js';
import { nameQueue } from './find-queue.js';
import { readSlots, saveCommand, slotsOf } from './slots.js';

/** A problem that the user should know of. */
export interface Warning {
  readonly code: 'limit-near' | 'queue-full' | 'senders-blocked' | 'move-killed';
  readonly sentence: string;
  /** The queue that it is about. */
  readonly queueId?: number;
  /** The limit that it is about. */
  readonly limit?: string;
}

/** The usage of one kind of objects. */
export interface KindOverview {
  readonly name: 'queues' | 'segments' | 'semaphores';
  readonly count: number;
  /** The limit of their number. */
  readonly limit: number;
  /** Their content, in the units of their kind. */
  readonly content: Readonly<Record<string, number>>;
}

export interface Overview {
  readonly kinds: readonly KindOverview[];
  readonly warnings: readonly Warning[];
  /** Whether every process could be inspected for blocked senders. */
  readonly blockedKnown: boolean;
}

/** From here on a limit is worth a warning, in percent. */
const NEAR = 80;

function limitWarnings(limits: readonly Limit[]): Warning[] {
  return limits
    .filter((limit) => !isUnlimited(limit) && (usedPercent(limit) ?? 0) > NEAR)
    .map((limit) => ({
      code: 'limit-near',
      limit: limit.name,
      sentence: `${limit.inUse} of ${limit.value} ${limit.meaning} in use (${limit.name}); to raise it: ${limit.raise ?? 'not possible'}`,
    }));
}

function fullWarnings(queues: readonly QueueEntry[]): Warning[] {
  return queues
    .filter((queue) => (fullness(queue) ?? 0) >= 100)
    .map((queue) => ({
      code: 'queue-full',
      queueId: queue.id,
      sentence: `${nameQueue(queue)} is full: ${formatCount(queue.messages, 'message')}, ${queue.bytes} of ${queue.maxBytes} bytes`,
    }));
}

function blockedWarnings(queues: readonly QueueEntry[], { blocked, processes }: Facts): Warning[] {
  const warnings: Warning[] = [];
  for (const queue of queues) {
    const senders = (blocked.byQueue.get(queue.id) ?? []).filter(({ call }) => call === 'msgsnd');
    if (senders.length === 0) continue;
    const names = senders.map(({ pid }) => `${pid} ${processes.live(pid)?.name ?? ''}`.trim());
    warnings.push({
      code: 'senders-blocked',
      queueId: queue.id,
      sentence: `${formatCount(senders.length, 'sender is', 'senders are')} blocked in ${nameQueue(queue)}: ${names.join(', ')}`,
    });
  }
  return warnings;
}

/** Messages that a killed move has left: one that ends takes its segment away, and one that runs has it attached. */
function leftByMoves(segments: readonly SegmentEntry[], queues: readonly QueueEntry[]): Warning[] {
  const warnings: Warning[] = [];
  for (const segment of segments.filter(({ attachments }) => attachments === 0)) {
    const slots = slotsOf(segment, queues);
    if (slots?.queue === undefined || slots.direction !== 'move') continue;
    const held = readSlots(segment)?.held;
    if (held === 0) continue;
    const { id, key } = slots.queue;
    const left = held === undefined ? 'may have left' : 'left';
    const next = saveCommand({ direction: 'move', queueKey: key });
    warnings.push({
      code: 'move-killed',
      queueId: id,
      sentence: `a killed move ${left} a message in segment ${segment.id}: \`${next}\``,
    });
  }
  return warnings;
}

/** Usage against kernel limits, and problems. */
export function readOverview(facts: Facts): Overview {
  const limits = readLimits();
  const { queues } = facts;
  const segments = SharedMemory.list();
  const amount = (name: string): Limit | undefined =>
    [...limits.queues, ...limits.segments, ...limits.semaphores].find((limit) => limit.name === name);
  const kind = (
    name: KindOverview['name'],
    limitName: string,
    content: KindOverview['content'],
  ): KindOverview => ({
    name,
    count: Number(amount(limitName)?.inUse ?? 0),
    limit: Number(amount(limitName)?.value ?? 0),
    content,
  });
  const sum = (entries: readonly { readonly bytes: number }[]): number =>
    entries.reduce((total, { bytes }) => total + bytes, 0);
  const messages = queues.reduce((total, queue) => total + queue.messages, 0);
  return {
    kinds: [
      kind('queues', 'msgmni', { messages, bytes: sum(queues) }),
      kind('segments', 'shmmni', {
        bytes: sum(segments),
        slots: segments.filter((segment) => slotsOf(segment, queues) !== undefined).length,
      }),
      kind('semaphores', 'semmni', { semaphores: Number(amount('semmns')?.inUse ?? 0) }),
    ],
    warnings: [
      ...limitWarnings(Object.values(limits).flat()),
      ...fullWarnings(queues),
      ...blockedWarnings(queues, facts),
      ...leftByMoves(segments, queues),
    ],
    blockedKnown: facts.blocked.complete,
  };
}
