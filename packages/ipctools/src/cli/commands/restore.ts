import { jsonText } from '@timeq/cli-kit/text/escape';
import { readNamingKey } from '@timeq/cli-kit/args/key';
import { readObjectId } from '@timeq/cli-kit/args/object-id';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { formatKey } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import type { JsonObject } from '../../format/json.js';
import { describePlan, planRestore, type Destination, type RestorePlan } from '../../backup/plan-restore.js';
import { backupFolder, isBackupName, listBackups } from '../../backup/folder.js';
import type { QueueCopy } from '../../backup/queue-copy.js';
import { readCopies } from '../../backup/read-copies.js';
import { restoreQueues } from '../../backup/restore.js';
import { isPosixBackup } from '../../posix/restore.js';
import { restorePosixBackup, sendPosixBackup } from '../restore-posix.js';
import { openTarget } from '../../model/find-queue.js';
import { Progress } from '../progress.js';
import { readQueueTarget } from '@timeq/cli-kit/args/queue-target';
import type { TargetListOptions } from '../target.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';

interface RestoreOptions extends TargetListOptions {
  readonly last?: true;
  readonly to?: string;
  readonly newKey?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** A name that `backups` lists is looked for in the backup folder, unless such a file is in the current folder. */
function placeOf(path: string): string {
  if (!isBackupName(path) || existsSync(path)) return path;
  const found = listBackups().find((file) => basename(file.path) === path);
  if (found !== undefined) return found.path;
  throw new ExitError(EXIT.failed, `there is no backup ${path}; \`ipctools backups\` lists those that exist`);
}

/** The backup that was written last. */
function lastBackup(): string {
  const [newest] = listBackups();
  if (newest !== undefined) return newest.path;
  throw new ExitError(EXIT.failed, `there is no backup in ${backupFolder()}; nothing done`);
}

/** The file that the words or --last name. */
function readPath([path, ...rest]: readonly string[], { last }: RestoreOptions): string {
  if (last === true && path === undefined) return lastBackup();
  if (last === true || path === undefined || rest.length > 0)
    throw new UsageError('give one backup file (see `ipctools backups`), or --last for the newest');
  return placeOf(path);
}

/** The queues of the file that -Q and -q name; all if neither is given. */
function chooseCopies(
  queues: readonly QueueCopy[],
  { queueKey = [], queueId = [] }: TargetListOptions,
): readonly QueueCopy[] {
  const names = [
    ...queueKey.map((word) => ({ by: 'key' as const, value: readNamingKey(word) })),
    ...queueId.map((word) => ({ by: 'id' as const, value: readObjectId(word) })),
  ];
  for (const { by, value } of names) {
    if (queues.some(({ entry }) => entry[by] === value)) continue;
    const named = by === 'key' ? `key ${formatKey(value)}` : `id ${value}`;
    throw new ExitError(EXIT.failed, `the backup has no queue with ${named}; --dry-run lists its queues`);
  }
  return queues.filter(
    ({ entry }) => names.length === 0 || names.some(({ by, value }) => entry[by] === value),
  );
}

function parseDestination({ to, newKey }: RestoreOptions): Destination {
  if (to !== undefined && newKey !== undefined) throw new UsageError('use only one of --to and --new-key');
  if (newKey !== undefined) return { to: 'new key', key: readNamingKey(newKey) };
  return to === undefined ? { to: 'same key' } : { to: 'queue', id: openTarget(readQueueTarget(to)).id };
}

function planJson(plan: RestorePlan, id: number | undefined): JsonObject {
  const { copy, key, existing, obstacles, remarks } = plan;
  return {
    key,
    keyHex: formatKey(key),
    id: id ?? existing?.id ?? null,
    created: existing === undefined,
    messages: copy.messages.length,
    bytes: copy.messages.reduce((sum, { body }) => sum + body.length, 0),
    formerId: copy.entry.id,
    obstacles,
    remarks,
  };
}

function carryOut(plans: readonly RestorePlan[]): number[] {
  const total = plans.reduce((sum, { copy }) => sum + copy.messages.length, 0);
  using progress = new Progress('restored', { total });
  return restoreQueues(plans, () => progress.step());
}

export async function run(words: readonly string[], options: RestoreOptions): Promise<number> {
  const path = readPath(words, options);
  if (isPosixBackup(path)) {
    const { to, newKey, queueKey, queueId, dryRun: dry, json } = options;
    if ((newKey ?? queueKey ?? queueId) !== undefined)
      throw new UsageError(
        'the file has POSIX objects: they are restored under their names, or --to sends the messages of a queue',
      );
    if (options.last === true) note(`ipctools: the newest backup is ${path}`);
    const how = { dryRun: dry === true, json: json === true };
    return await (to === undefined ? restorePosixBackup(path, how) : sendPosixBackup(path, to, how));
  }
  const destination = parseDestination(options);
  const copies = chooseCopies(readCopies(path).queues, options);
  if (options.last === true) note(`ipctools: the newest backup is ${path}`);
  if (copies.length > 1 && destination.to !== 'same key')
    throw new UsageError(
      `the file has ${copies.length} queues; choose the one for that place with -Q KEY or -q ID`,
    );
  const plans = planRestore(copies, destination);
  const obstacles = plans.flatMap((plan) => plan.obstacles);
  const dryRun = options.dryRun === true;
  const ids = obstacles.length > 0 || dryRun ? [] : carryOut(plans);
  const output = new Output();
  if (options.json === true) {
    const queues = plans.map((plan, index) => planJson(plan, ids[index]));
    await output.write(`${jsonText({ restoration: { dryRun, done: ids.length > 0, queues } }, 2)}\n`);
  } else {
    for (const [index, plan] of plans.entries()) {
      const id = ids[index];
      const notDone = dryRun ? '' : 'not restored: ';
      const done = id === undefined ? notDone : `restored to queue ${id}; `;
      await output.write(`${done}${describePlan(plan, id !== undefined)}\n`);
    }
  }
  await output.flush();
  for (const remark of plans.flatMap((plan) => plan.remarks)) note(`ipctools: ${remark}`);
  for (const obstacle of obstacles) note(`ipctools: ${obstacle}`);
  if (obstacles.length > 0) note('ipctools: nothing done');
  return obstacles.length > 0 ? EXIT.failed : EXIT.done;
}
