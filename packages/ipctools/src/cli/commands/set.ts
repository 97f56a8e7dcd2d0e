import { formatMode, type QueueEntry } from '@timeq/mq-native';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { readBytes } from '@timeq/cli-kit/args/bytes';
import { readMode } from '@timeq/cli-kit/args/mode';
import { readOwner } from '@timeq/cli-kit/args/owner';
import { groupId, userId } from '@timeq/mq-native/libc';
import { QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { jsonEntry } from '../../render/columns/write.js';
import { Facts } from '../../model/facts.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import type { Owners } from '../../model/owners.js';
import { entryOf, openTarget } from '../../model/find-queue.js';
import { onlyTarget, type TargetOptions } from '../target.js';
import { Output } from '@timeq/cli-kit/output/output';

interface SetOptions extends TargetOptions {
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
  readonly maxBytes?: string;
  readonly json?: true;
}

interface Changes {
  mode?: number;
  uid?: number;
  gid?: number;
  maxBytes?: number;
}

function readChanges(options: SetOptions): Changes {
  const changes: Changes = {};
  if (options.mode !== undefined) changes.mode = readMode(options.mode);
  if (options.maxBytes !== undefined) changes.maxBytes = readBytes(options.maxBytes);
  if (options.owner !== undefined) changes.uid = readOwner('user', options.owner, userId);
  if (options.group !== undefined) changes.gid = readOwner('group', options.group, groupId);
  if (Object.keys(changes).length > 0) return changes;
  throw new UsageError('nothing to set; give --mode, --owner, --group or --max-bytes');
}

/** A line for each changed property. */
function differences(before: QueueEntry, after: QueueEntry, owners: Owners): string[] {
  const texts = (entry: QueueEntry): [string, string][] => [
    ['mode', formatMode(entry.mode)],
    ['owner', owners.user(entry.uid)],
    ['group', owners.group(entry.gid)],
    ['max-bytes', String(entry.maxBytes ?? '?')],
  ];
  const now = new Map(texts(after));
  return texts(before)
    .filter(([name, text]) => now.get(name) !== text)
    .map(([name, text]) => `${name}: ${text} -> ${now.get(name)}`);
}

export async function run(words: readonly string[], options: SetOptions): Promise<number> {
  const target = onlyTarget(words, options);
  const facts = new Facts();
  const changes = readChanges(options);
  const queue = openTarget(target);
  const before = entryOf(queue);
  queue.set(changes);
  const after = entryOf(queue);
  const output = new Output();
  if (options.json) {
    const json = jsonEntry(after, QUEUE_COLUMNS, facts);
    await output.write(`${jsonText({ queue: json })}\n`);
  } else {
    for (const line of differences(before, after, facts.owners)) await output.write(`${escapeText(line)}\n`);
  }
  await output.flush();
  return EXIT.done;
}
