import { escapeText } from '@timeq/cli-kit/text/escape';
import type { Rate, Row } from '@timeq/console/wire';
import { formatKey, formatMode, type QueueEntry } from '@timeq/mq-native';
import type { Judgement } from '../../evidence/judgement.js';
import { lastUsed } from '../../model/ipc-object.js';
import type { Facts } from '../../model/facts.js';
import { fullness, waitingIn } from '../../model/queue-state.js';
import type { Flow, Flows } from '../../watch/rates.js';

function rate({ perSecond, exact }: Flow): Rate {
  return [Math.round(perSecond * 10) / 10, exact ? 0 : 1];
}

/** The key as people read it; empty for a private queue. */
export function keyText(key: number): string {
  return key === 0 ? '' : formatKey(key);
}

/** A queue as the page shows it. */
export function rowOf(
  entry: QueueEntry,
  facts: Facts,
  flows: Flows | undefined,
  judgement: Judgement | undefined,
): Row {
  const full = fullness(entry);
  const waiting = waitingIn(entry, facts);
  const senders = waiting?.filter(({ call }) => call === 'msgsnd').length;
  return {
    id: entry.id,
    key: keyText(entry.key),
    owner: escapeText(facts.owners.user(entry.uid)),
    mode: formatMode(entry.mode),
    messages: entry.messages,
    bytes: entry.bytes,
    ...(entry.maxBytes !== undefined && { maxBytes: entry.maxBytes }),
    ...(full !== undefined && { full: Math.round(full * 10) / 10 }),
    ...(flows !== undefined && { in: rate(flows.in), out: rate(flows.out) }),
    ...(waiting !== undefined && { senders: senders ?? 0, receivers: waiting.length - (senders ?? 0) }),
    usedAt: lastUsed({ kind: 'queue', entry }),
    ...(judgement !== undefined && {
      verdict: judgement.verdict,
      reasons: judgement.reasons.map(escapeText).join('; '),
    }),
  };
}
