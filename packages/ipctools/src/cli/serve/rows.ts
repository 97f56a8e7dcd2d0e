import { escapeText } from '@timeq/cli-kit/text/escape';
import type { Rate, Row } from '@timeq/console/wire';
import { formatKey, formatMode, type QueueEntry } from '@timeq/mq-native';
import type { Judgement } from '../../evidence/judgement.js';
import { lastUsed } from '../../model/ipc-object.js';
import type { Facts } from '../../model/facts.js';
import { fullness, waitingIn, type Waiting } from '../../model/queue-state.js';
import type { Flow, Flows } from '../../watch/rates.js';
import type { WatchedQueue } from '../../watch/watched-queue.js';

/** What a row is made of, and the row. */
interface Known {
  readonly entry: QueueEntry;
  readonly waiting: Waiting | undefined;
  readonly flows: Flows | undefined;
  readonly judgement: Judgement | undefined;
  readonly row: Row;
}

/** The rows of all queues, again and again. A queue that shows nothing new has the same row again. */
export class Rows {
  #known = new Map<number, Known>();

  /** Those of all queues that there are now. */
  of(queues: readonly WatchedQueue[], judgements: ReadonlyMap<number, Judgement>): Row[] {
    const before = this.#known;
    this.#known = new Map();
    return queues.map(({ entry, facts, flows }) => {
      const known = before.get(entry.id);
      const now = { entry, flows, waiting: waitingIn(entry, facts), judgement: judgements.get(entry.id) };
      const row = known !== undefined && isSame(known, now) ? known.row : makeRow(now, facts, known);
      this.#known.set(entry.id, { ...now, row });
      return row;
    });
  }
}

/** A queue as the page shows it. */
export function rowOf(entry: QueueEntry, facts: Facts, judgement: Judgement): Row {
  return makeRow({ entry, flows: undefined, waiting: waitingIn(entry, facts), judgement }, facts);
}

/** The key as people read it; empty for a private queue. */
export function keyText(key: number): string {
  return key === 0 ? '' : formatKey(key);
}

function isSame(known: Known, now: Omit<Known, 'row'>): boolean {
  return (
    known.judgement === now.judgement &&
    known.waiting === now.waiting &&
    known.flows !== undefined &&
    now.flows !== undefined &&
    isSameFlow(known.flows.in, now.flows.in) &&
    isSameFlow(known.flows.out, now.flows.out) &&
    isSameEntry(known.entry, now.entry)
  );
}

function isSameFlow(one: Flow, other: Flow): boolean {
  return one.perSecond === other.perSecond && one.exact === other.exact;
}

function isSameEntry(one: QueueEntry, other: QueueEntry): boolean {
  return (
    one.messages === other.messages &&
    one.sendTime === other.sendTime &&
    one.receiveTime === other.receiveTime &&
    one.changeTime === other.changeTime &&
    one.bytes === other.bytes &&
    one.maxBytes === other.maxBytes &&
    one.key === other.key &&
    one.uid === other.uid &&
    one.mode === other.mode
  );
}

/** @param before its row of the sample before: texts that stay are not made again */
function makeRow(
  { entry, waiting, flows, judgement }: Omit<Known, 'row'>,
  { owners }: Facts,
  before?: Known,
): Row {
  const full = fullness(entry);
  const senders = waiting?.filter(({ call }) => call === 'msgsnd').length;
  const lasting =
    before !== undefined &&
    before.judgement === judgement &&
    before.entry.key === entry.key &&
    before.entry.uid === entry.uid &&
    before.entry.mode === entry.mode
      ? before.row
      : {
          key: keyText(entry.key),
          owner: escapeText(owners.user(entry.uid)),
          mode: formatMode(entry.mode),
          reasons: judgement?.reasons.map(escapeText).join('; '),
        };
  return {
    id: entry.id,
    key: lasting.key,
    owner: lasting.owner,
    mode: lasting.mode,
    messages: entry.messages,
    bytes: entry.bytes,
    ...(entry.maxBytes !== undefined && { maxBytes: entry.maxBytes }),
    ...(full !== undefined && { full: Math.round(full * 10) / 10 }),
    ...(flows !== undefined && { in: rate(flows.in), out: rate(flows.out) }),
    ...(waiting !== undefined && { senders: senders ?? 0, receivers: waiting.length - (senders ?? 0) }),
    usedAt: lastUsed({ kind: 'queue', entry }),
    ...(judgement !== undefined && { verdict: judgement.verdict, reasons: lasting.reasons ?? '' }),
  };
}

function rate({ perSecond, exact }: Flow): Rate {
  return [Math.round(perSecond * 10) / 10, exact ? 0 : 1];
}
