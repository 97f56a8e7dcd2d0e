import { formatKey } from '@timeq/mq-native';
import { EXIT, type ExitCode } from '../exit-code.js';
import { Facts } from '../facts.js';
import { codeOf, explain, isDenied, usageFailure } from '../failure.js';
import { formatSize } from '../format/bytes.js';
import { formatCount } from '../format/count.js';
import { type JsonObject } from '../format/json.js';
import { writeTable, type TextColumn } from '../format/table.js';
import {
  bytesFreed,
  nameCandidate,
  nameRequest,
  planRemoval,
  removeCandidate,
  type KindOfObject,
  type RemovalCandidate,
  type RemovalPlan,
  type RemovalRequest,
} from '../objects/removal.js';
import { parseObjectId } from '../parse/object-id.js';
import { parseNamingKey, parseTarget } from '../target.js';
import { requireConsent } from '../terminal/confirm.js';
import { note } from '../terminal/notes.js';
import { Output } from '../terminal/output.js';
import { screenOf } from '../terminal/screen.js';

export interface RemoveOptions {
  readonly queueId?: readonly string[];
  readonly queueKey?: readonly string[];
  readonly shmemId?: readonly string[];
  readonly shmemKey?: readonly string[];
  readonly semaphoreId?: readonly string[];
  readonly semaphoreKey?: readonly string[];
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

function parseRequests(words: readonly string[], options: RemoveOptions): RemovalRequest[] {
  const named = (
    kind: KindOfObject,
    ids: readonly string[] = [],
    keys: readonly string[] = [],
  ): RemovalRequest[] => [
    ...ids.map((word): RemovalRequest => ({ kind, by: 'id', value: parseObjectId(word) })),
    ...keys.map((word): RemovalRequest => ({ kind, by: 'key', value: parseNamingKey(word) })),
  ];
  const requests = [
    ...words.map((word): RemovalRequest => {
      const target = parseTarget(word);
      return { kind: 'queue', by: target.by, value: target.by === 'key' ? target.key : target.id };
    }),
    ...named('queue', options.queueId, options.queueKey),
    ...named('segment', options.shmemId, options.shmemKey),
    ...named('semaphore set', options.semaphoreId, options.semaphoreKey),
  ];
  if (requests.length > 0) return requests;
  throw usageFailure(
    'remove what? Give queues as 0x80 or 5, segments with -m or -M, semaphore sets with -s or -S',
  );
}

function describeContent(candidate: RemovalCandidate, { blocked }: Facts): string {
  const { kind, entry } = candidate;
  if (kind === 'semaphore set') return formatCount(entry.count, 'semaphore');
  if (kind === 'segment') {
    const attached = entry.attachments > 0 ? `, attached ${formatCount(entry.attachments, 'time')}` : '';
    return `${formatSize(entry.bytes)}${attached}`;
  }
  const waiting = blocked.byQueue.get(entry.id)?.length ?? 0;
  const waiters = waiting > 0 ? `, ${formatCount(waiting, 'thread waits', 'threads wait')} in it` : '';
  return `${formatCount(entry.messages, 'message')}, ${formatSize(entry.bytes)}${waiters}`;
}

function columnsFor(facts: Facts): TextColumn<RemovalCandidate>[] {
  const fixed = { align: 'left', shrinksTo: undefined } as const;
  return [
    { ...fixed, label: 'KIND', priority: 5, text: ({ kind }) => kind },
    { ...fixed, label: 'KEY', priority: 4, text: ({ entry }) => formatKey(entry.key) },
    { ...fixed, label: 'ID', align: 'right', priority: 6, text: ({ entry }) => String(entry.id) },
    {
      ...fixed,
      label: 'OWNER',
      priority: 2,
      shrinksTo: 8,
      text: ({ entry }) => facts.owners.user(entry.uid),
    },
    {
      ...fixed,
      label: 'CONTENT',
      priority: 3,
      shrinksTo: 20,
      text: (candidate) => describeContent(candidate, facts),
    },
  ];
}

interface Removals {
  readonly removed: readonly RemovalCandidate[];
  readonly failed: readonly { readonly candidate: RemovalCandidate; readonly error: unknown }[];
}

function removeAll(candidates: readonly RemovalCandidate[]): Removals {
  const removed: RemovalCandidate[] = [];
  const failed: { candidate: RemovalCandidate; error: unknown }[] = [];
  for (const candidate of candidates) {
    try {
      removeCandidate(candidate);
      removed.push(candidate);
    } catch (error) {
      if (explain(error) === undefined) throw error;
      failed.push({ candidate, error });
    }
  }
  return { removed, failed };
}

function sum(candidates: readonly RemovalCandidate[]): number {
  return candidates.reduce((total, candidate) => total + bytesFreed(candidate), 0);
}

function candidateJson(candidate: RemovalCandidate): JsonObject {
  const { kind, entry } = candidate;
  const { id, key, uid } = entry;
  const messages = candidate.kind === 'queue' ? { messages: candidate.entry.messages } : {};
  return { kind, id, key, keyHex: formatKey(key), ownerUid: uid, ...messages, bytes: bytesFreed(candidate) };
}

function resultJson(plan: RemovalPlan, { removed, failed }: Removals, dryRun: boolean): JsonObject {
  return {
    dryRun,
    candidates: plan.candidates.map(candidateJson),
    removed: removed.map(candidateJson),
    failed: [
      ...plan.missing.map((request) => ({
        kind: request.kind,
        [request.by]: request.value,
        code: 'ENOENT',
        message: `no ${nameRequest(request)}`,
      })),
      ...failed.map(({ candidate, error }) => ({
        ...candidateJson(candidate),
        code: codeOf(error),
        message: explain(error)?.message,
      })),
    ],
    bytesFreed: sum(removed),
  };
}

function exitCodeOf({ missing }: RemovalPlan, { removed, failed }: Removals): ExitCode {
  if (missing.length === 0 && failed.length === 0) return EXIT.done;
  const onlyDenied =
    missing.length === 0 && removed.length === 0 && failed.every(({ error }) => isDenied(error));
  return onlyDenied ? EXIT.notPermitted : EXIT.failed;
}

export async function run(words: readonly string[], options: RemoveOptions): Promise<ExitCode> {
  const requests = parseRequests(words, options);
  const plan = planRemoval(requests);
  const { candidates, missing } = plan;
  for (const request of missing) note(`ipctools: there is no ${nameRequest(request)}`);
  const output = new Output();
  const text = options.json !== true;
  if (text && candidates.length > 0) {
    await writeTable(candidates, columnsFor(new Facts()), { header: true, screen: screenOf(), output });
    await output.flush();
  }
  const dryRun = options.dryRun === true;
  if (!dryRun && candidates.length > 0) {
    await requireConsent(`Remove ${formatCount(candidates.length, 'object')}?`, options.yes === true);
  }
  const removals = dryRun ? { removed: [], failed: [] } : removeAll(candidates);
  const { removed, failed } = removals;
  for (const { candidate, error } of failed) {
    note(`ipctools: ${nameCandidate(candidate)} stays: ${explain(error)?.message}`);
  }
  if (text) {
    const failures = failed.length + missing.length;
    const closing = dryRun
      ? `would remove ${candidates.length} (${formatSize(sum(candidates))}); nothing done`
      : `removed ${removed.length}${failures > 0 ? `, failed ${failures}` : ''}; ${formatSize(sum(removed))} freed`;
    await output.write(`${closing}\n`);
  } else {
    await output.write(`${JSON.stringify({ removal: resultJson(plan, removals, dryRun) }, null, 2)}\n`);
  }
  await output.flush();
  return exitCodeOf(plan, removals);
}
