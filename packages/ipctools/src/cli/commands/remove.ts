import { jsonText } from '@timeq/cli-kit/text/escape';
import { readNamingKey } from '@timeq/cli-kit/args/key';
import { readObjectId } from '@timeq/cli-kit/args/object-id';
import { formatKey } from '@timeq/mq-native';
import type { SlotSegment } from '@timeq/mq-native/message-slots';
import { backupFrom, cleanObjects, NOTHING_DONE, type Backup, type Cleaning } from '../../cleaning/clean.js';
import { cleaningJson, closingLines, stayLines, totalFreed } from '../../render/cleaning.js';
import { Facts } from '../../model/facts.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { isDenied } from '../../failure.js';
import { formatSize } from '../../render/bytes.js';
import { formatCount } from '../../format/count.js';
import { type JsonObject } from '../../format/json.js';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';
import {
  bytesFreed,
  nameRequest,
  planRemoval,
  type RemovalPlan,
  type RemovalRequest,
} from '../../cleaning/removal.js';
import { lookAgain, meantKey, type IpcObject, type KindOfObject } from '../../model/ipc-object.js';
import { nameBridge, readSlots, saveCommand } from '../../model/slots.js';
import { objectColumns } from '../../render/object-columns.js';
import { isPosixName, readPosixNames, type PosixOptions } from '../posix-target.js';
import { removePosixObjects } from '../remove-posix.js';
import { readQueueTarget } from '@timeq/cli-kit/args/queue-target';
import { requireConsent } from '../consent.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';

interface RemoveOptions extends PosixOptions<readonly string[]> {
  /** Of POSIX queues. */
  readonly drain?: true;
  readonly queueId?: readonly string[];
  readonly queueKey?: readonly string[];
  readonly shmemId?: readonly string[];
  readonly shmemKey?: readonly string[];
  readonly semaphoreId?: readonly string[];
  readonly semaphoreKey?: readonly string[];
  readonly yes?: true;
  readonly dryRun?: true;
  /** A file's name with --backup, false with --no-backup. */
  readonly backup?: string | boolean;
  readonly json?: true;
}

function parseRequests(words: readonly string[], options: RemoveOptions): RemovalRequest[] {
  const named = (
    kind: KindOfObject,
    ids: readonly string[] = [],
    keys: readonly string[] = [],
  ): RemovalRequest[] => [
    ...ids.map((word): RemovalRequest => ({ kind, by: 'id', value: readObjectId(word) })),
    ...keys.map((word): RemovalRequest => ({ kind, by: 'key', value: readNamingKey(word) })),
  ];
  const requests = [
    ...words.map((word): RemovalRequest => {
      const target = readQueueTarget(word);
      return { kind: 'queue', by: target.by, value: target.by === 'key' ? target.key : target.id };
    }),
    ...named('queue', options.queueId, options.queueKey),
    ...named('segment', options.shmemId, options.shmemKey),
    ...named('semaphore set', options.semaphoreId, options.semaphoreKey),
  ];
  if (requests.length > 0) return requests;
  throw new UsageError(
    'remove what? Give queues as 0x80 or 5, segments with -m or -M, semaphore sets with -s or -S, POSIX objects as /name',
  );
}

function namesOther(words: readonly string[], options: RemoveOptions): boolean {
  const { queueId, queueKey, shmemId, shmemKey, semaphoreId, semaphoreKey } = options;
  return (
    words.length > 0 ||
    (queueId ?? queueKey ?? shmemId ?? shmemKey ?? semaphoreId ?? semaphoreKey) !== undefined
  );
}

type SlotsById = ReadonlyMap<number, SlotSegment>;

/** What the segments to be removed hold of timeq-bridge, by their ids. */
function slotsAmong(candidates: readonly IpcObject[]): SlotsById {
  const found = new Map<number, SlotSegment>();
  for (const { kind, entry } of candidates) {
    const slots = kind === 'segment' ? readSlots(entry) : undefined;
    if (slots !== undefined) found.set(entry.id, slots);
  }
  return found;
}

function describeSlots(slots: SlotSegment | undefined): string {
  if (slots === undefined) return '';
  return `, slots of ${nameBridge(slots)} with ${formatCount(slots.held, 'message')}`;
}

function warnOfSlots(slots: SlotsById): void {
  for (const [id, segment] of slots) {
    const { held, direction } = segment;
    const save = `\`${saveCommand(segment)}\``;
    if (held > 0)
      note(
        `ipctools: segment ${id} holds ${formatCount(held, 'message')} of ${nameBridge(segment)}, lost if you remove it; ${save} puts them into a queue`,
      );
    else if (direction === 'in')
      note(
        `ipctools: segment ${id} has the position of ${nameBridge(segment)} in its stream, lost if you remove it`,
      );
  }
}

function describeContent(candidate: IpcObject, { blocked }: Facts, slots: SlotsById): string {
  const { kind, entry } = candidate;
  if (kind === 'semaphore set') return formatCount(entry.count, 'semaphore');
  if (kind === 'segment') {
    const attached = entry.attachments > 0 ? `, attached ${formatCount(entry.attachments, 'time')}` : '';
    return `${formatSize(entry.bytes)}${attached}${describeSlots(slots.get(entry.id))}`;
  }
  const waiting = blocked.byQueue.get(entry.id)?.length ?? 0;
  const waiters = waiting > 0 ? `, ${formatCount(waiting, 'thread waits', 'threads wait')} in it` : '';
  return `${formatCount(entry.messages, 'message')}, ${formatSize(entry.bytes)}${waiters}`;
}

function columnsFor(facts: Facts, slots: SlotsById): TextColumn<IpcObject>[] {
  return [
    ...objectColumns<IpcObject>((candidate) => candidate, facts),
    {
      label: 'CONTENT',
      priority: 3,
      shrinksTo: 20,
      text: (candidate) => describeContent(candidate, facts, slots),
    },
  ];
}

function candidateJson(candidate: IpcObject): JsonObject {
  const { kind, entry } = candidate;
  const { id, key, uid } = entry;
  const messages = candidate.kind === 'queue' ? { messages: candidate.entry.messages } : {};
  return { kind, id, key, keyHex: formatKey(key), ownerUid: uid, ...messages, bytes: bytesFreed(candidate) };
}

function resultJson(plan: RemovalPlan, cleaning: Cleaning, dryRun: boolean): JsonObject {
  const { failed, ...done } = cleaningJson(cleaning, candidateJson);
  const missing = plan.missing.map((request) => ({
    kind: request.kind,
    [request.by]: request.value,
    code: 'ENOENT',
    message: `no ${nameRequest(request)}`,
  }));
  return {
    dryRun,
    candidates: plan.candidates.map(candidateJson),
    ...done,
    failed: [...missing, ...(failed as JsonObject[])],
  };
}

function exitCodeOf({ missing }: RemovalPlan, { removed, kept, failed }: Cleaning): number {
  if (missing.length === 0 && failed.length === 0 && kept.length === 0) return EXIT.done;
  const onlyDenied =
    missing.length === 0 &&
    kept.length === 0 &&
    removed.length === 0 &&
    failed.every(({ error }) => isDenied(error));
  return onlyDenied ? EXIT.notPermitted : EXIT.failed;
}

/** With a backup, an object that was used since it was listed stays: the backup would not have its messages. */
function removeAll(candidates: readonly IpcObject[], backup: Backup, facts: Facts): Cleaning {
  return cleanObjects(candidates, backup, facts, backup === 'none' ? () => () => undefined : undefined);
}

export async function run(words: readonly string[], options: RemoveOptions): Promise<number> {
  const posix = readPosixNames(words, options);
  const others = words.filter((word) => !isPosixName(word));
  if (posix.length > 0 && !namesOther(others, options)) return await removePosixObjects(posix, options);
  if (posix.length > 0) throw new UsageError('remove POSIX objects and System V objects with a command each');
  if (options.drain === true)
    throw new UsageError('--drain is for POSIX queues; others are copied without it');
  const requests = parseRequests(words, options);
  const plan = planRemoval(requests);
  const { missing } = plan;
  const slots = slotsAmong(plan.candidates);
  // Reading them was a use, after which they were not used.
  const candidates = plan.candidates.map((each) => (slots.has(each.entry.id) && lookAgain(each)) || each);
  for (const request of missing) {
    const meant = meantKey(request);
    note(
      `ipctools: there is no ${nameRequest(request)} in this IPC namespace${meant === undefined ? '' : `; ${meant}`}`,
    );
  }
  const facts = new Facts();
  const output = new Output();
  const text = options.json !== true;
  if (text && candidates.length > 0) {
    await writeTable(candidates, columnsFor(facts, slots), output);
    await output.flush();
  }
  warnOfSlots(slots);
  const dryRun = options.dryRun === true;
  if (!dryRun && candidates.length > 0) {
    await requireConsent(`Remove ${formatCount(candidates.length, 'object')}?`, options.yes === true);
  }
  const cleaning = dryRun ? NOTHING_DONE : removeAll(candidates, backupFrom(options.backup, 'remove'), facts);
  for (const line of stayLines(cleaning)) note(line);
  if (cleaning.unsaved > 0) note('ipctools: --no-backup removes without a copy');
  if (text) {
    const lines = dryRun
      ? [`would remove ${candidates.length} (${formatSize(totalFreed(candidates))}); nothing done`]
      : closingLines(cleaning, { missing: missing.length });
    for (const line of lines) await output.write(`${line}\n`);
  } else {
    await output.write(`${jsonText({ removal: resultJson(plan, cleaning, dryRun) }, 2)}\n`);
  }
  await output.flush();
  return exitCodeOf(plan, cleaning);
}
