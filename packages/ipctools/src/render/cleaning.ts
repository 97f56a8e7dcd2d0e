import { escapeText } from '@timeq/cli-kit/text/escape';
import { shellWord } from '@timeq/cli-kit/text/shell-word';
import { codeOf } from '../failure.js';
import { formatSize } from './bytes.js';
import { formatCount } from '../format/count.js';
import type { JsonObject } from '../format/json.js';
import { nameObject, type IpcObject } from '../model/ipc-object.js';
import { bytesFreed } from '../cleaning/removal.js';
import type { Cleaning } from '../cleaning/clean.js';

/** Bytes that the removal of all of them freed. */
export function totalFreed(objects: readonly IpcObject[]): number {
  return objects.reduce((total, object) => total + bytesFreed(object), 0);
}

/** The command that restores a backup. */
export function restoreCommand(path: string): string {
  return `ipctools restore ${shellWord(path)}`;
}

/** A line for each object that stays. */
export function stayLines({ kept, failed }: Cleaning): string[] {
  return [...kept, ...failed].map(({ object, why }) => `ipctools: ${nameObject(object)} stays: ${why}`);
}

/**
 * The result, for people: `removed 3, kept 1; 4096 bytes freed`, and where the backup is.
 * @param missing how many named objects do not exist
 * @param unknown how many stay because their use is unknown
 */
export function closingLines(
  { removed, kept, failed, unsaved, backup }: Cleaning,
  { missing = 0, unknown = 0 }: { readonly missing?: number; readonly unknown?: number } = {},
): string[] {
  const failures = failed.length + missing;
  const causes = [...new Set(kept.map(({ cause }) => cause))];
  const counts = [
    `removed ${removed.length}`,
    ...(kept.length > 0 ? [`kept ${kept.length} (${causes.join(', ')})`] : []),
    ...(unknown > 0 ? [`left ${unknown} unknown`] : []),
    ...(failures > 0 ? [`failed ${failures}${unsaved > 0 ? ` (${unsaved} not saved)` : ''}`] : []),
  ];
  const lines = [`${counts.join(', ')}; ${formatSize(totalFreed(removed))} freed`];
  if (backup !== undefined) {
    const queues = formatCount(removed.filter(({ kind }) => kind === 'queue').length, 'queue');
    lines.push(
      `the backup of ${queues} is in ${escapeText(backup)}; to restore it: ${restoreCommand(backup)}`,
    );
  }
  return lines;
}

/** The same, for programs. @param describe an object in this verb's JSON */
export function cleaningJson(
  { removed, kept, failed, backup, longestWindow }: Cleaning,
  describe: (object: IpcObject) => JsonObject,
): JsonObject {
  return {
    removed: removed.map(describe),
    kept: kept.map(({ object, cause, why }) => ({ ...describe(object), cause, reason: why })),
    failed: failed.map(({ object, why, error }) => ({
      ...describe(object),
      code: codeOf(error) ?? null,
      message: why,
    })),
    bytesFreed: totalFreed(removed),
    longestWindowMilliseconds: Math.round(longestWindow * 1000) / 1000,
    backup: backup ?? null,
    restoreCommand: backup === undefined ? null : restoreCommand(backup),
  };
}
