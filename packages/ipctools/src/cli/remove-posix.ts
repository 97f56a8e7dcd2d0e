import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { writeTable } from '@timeq/cli-kit/tables/table';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { shellWord } from '@timeq/cli-kit/text/shell-word';
import { newBackupPath } from '../backup/folder.js';
import { codeOf, isDenied } from '../failure.js';
import { formatCount } from '../format/count.js';
import type { JsonObject } from '../format/json.js';
import { Facts } from '../model/facts.js';
import { namePosix, type PosixObject } from '../model/posix/objects.js';
import { absences } from '../model/posix/places.js';
import { removePosix, type PosixRemoval } from '../posix/removal.js';
import { formatSize } from '../render/bytes.js';
import { formatProcess } from '../render/columns/kinds.js';
import { posixNameColumns } from '../render/posix-judgement.js';
import { requireConsent } from './consent.js';
import { describePosixName, findPosix, type PosixName } from './posix-target.js';

/** The options of `remove` that POSIX objects share. */
interface RemovePosixOptions {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly drain?: true;
  readonly backup?: string | boolean;
  readonly json?: true;
}

function describeContent(object: PosixObject, { posix, processes, now }: Facts): string {
  const queue = posix.queueOf(object);
  const users = posix.users.of(object).map((pid) => formatProcess(processes.find(pid, now)));
  const open = users.length === 0 ? '' : `, open in ${users.join(', ')}`;
  const held =
    object.kind === 'posix queue'
      ? queue === undefined
        ? '? messages'
        : formatCount(queue.messages, 'message')
      : formatSize(object.size);
  return `${held}${open}`;
}

function objectJson({ kind, name, uid, size }: PosixObject): JsonObject {
  return { kind, name, ownerUid: uid, bytes: size };
}

function plan(names: readonly PosixName[], facts: Facts): { found: PosixObject[]; missing: PosixName[] } {
  const found = new Set<PosixObject>();
  const missing: PosixName[] = [];
  for (const name of names) {
    const object = findPosix(name, facts.posix.objects);
    if (object === undefined) missing.push(name);
    else found.add(object);
  }
  return { found: [...found], missing };
}

function freed(objects: readonly PosixObject[]): string {
  return formatSize(objects.reduce((total, { allocated }) => total + allocated, 0));
}

function exitCodeOf({ removed, failed }: PosixRemoval, missing: number): number {
  if (failed.length === 0 && missing === 0) return EXIT.done;
  return missing === 0 && removed.length === 0 && failed.every(({ error }) => isDenied(error))
    ? EXIT.notPermitted
    : EXIT.failed;
}

/** `remove` for POSIX objects. @returns the exit code */
export async function removePosixObjects(
  names: readonly PosixName[],
  options: RemovePosixOptions,
): Promise<number> {
  const { drain = false, dryRun = false, backup, json } = options;
  if (drain && backup === false)
    throw new UsageError('--drain takes messages into the backup; omit --no-backup');
  const facts = new Facts();
  const { found, missing } = plan(names, facts);
  for (const name of missing) note(`ipctools: there is no ${describePosixName(name)} here`);
  if (missing.length > 0) for (const sentence of absences(facts.posix.places)) note(`ipctools: ${sentence}`);
  const output = new Output();
  if (json !== true && found.length > 0) {
    const columns = posixNameColumns<PosixObject>((object) => object, facts);
    const content = (object: PosixObject): string => describeContent(object, facts);
    await writeTable(
      found,
      [...columns, { label: 'CONTENT', priority: 3, shrinksTo: 20, text: content }],
      output,
    );
    await output.flush();
  }
  if (!dryRun && found.length > 0)
    await requireConsent(`Remove ${formatCount(found.length, 'object')}?`, options.yes === true);
  const choosePath = (): string => (typeof backup === 'string' ? backup : newBackupPath('remove'));
  const removal: PosixRemoval = dryRun
    ? { removed: [], failed: [], backup: undefined }
    : removePosix(found, backup === false ? undefined : choosePath, drain);
  for (const { object, error } of removal.failed)
    note(`ipctools: ${namePosix(object)} stays: ${error.message}`);
  const failures = removal.failed.length + missing.length;
  if (json === true) {
    const failed = [
      ...missing.map(({ name }) => ({ name, code: 'ENOENT', message: `no such POSIX object` })),
      ...removal.failed.map(({ object, error }) => ({
        ...objectJson(object),
        code: codeOf(error) ?? null,
        message: error.message,
      })),
    ];
    const removed = removal.removed.map(objectJson);
    const fields = {
      dryRun,
      candidates: found.map(objectJson),
      removed,
      failed,
      backup: removal.backup ?? null,
    };
    await output.write(`${jsonText({ removal: fields }, 2)}\n`);
  } else if (dryRun) await output.write(`would remove ${found.length} (${freed(found)}); nothing done\n`);
  else {
    const failed = failures === 0 ? '' : `, failed ${failures}`;
    await output.write(`removed ${removal.removed.length}${failed}; ${freed(removal.removed)} freed\n`);
    if (removal.backup !== undefined)
      await output.write(
        `the backup is in ${escapeText(removal.backup)}; to restore it: ipctools restore ${shellWord(removal.backup)}\n`,
      );
  }
  await output.flush();
  return exitCodeOf(removal, missing.length);
}
