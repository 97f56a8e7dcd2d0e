import { readDuration } from '@timeq/cli-kit/args/duration';
import { readTypeSelection } from '@timeq/cli-kit/args/message-type';
import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import type { MessageQueue } from '@timeq/mq-native';
import { copyQueue, type QueueCopy } from '../../backup/queue-copy.js';
import { formatCount } from '../../format/count.js';
import { formatDuration } from '../../format/time.js';
import { nameQueue, openTarget } from '../../model/find-queue.js';
import { bytesOf, chooseMessages } from '../../moving/chosen-messages.js';
import { takeListed } from '../../moving/purge.js';
import { formatSize } from '../../render/bytes.js';
import { restoreCommand } from '../../render/cleaning.js';
import { requireConsent } from '../consent.js';
import { REFUSED } from '../explain.js';
import { returnMessage } from '../return-message.js';
import { onlyTarget, type TargetOptions } from '../target.js';
import { typesJson, writeTypes } from '../type-table.js';
import { saveChosen } from '../write-copies.js';

interface PurgeOptions extends TargetOptions {
  readonly type?: string;
  readonly olderThan?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  /** A file's name with --backup, false with --no-backup. */
  readonly backup?: string | boolean;
  readonly json?: true;
}

/** The kernel keeps no time for each message; none is younger than the queue's last send. */
function requireAge({ entry: { sendTime, messages } }: QueueCopy, word: string, queue: MessageQueue): void {
  const wanted = readDuration(word) / 1000;
  const age = Math.floor(Date.now() / 1000) - sendTime;
  if (messages === 0 || age >= wanted) return;
  throw new ExitError(
    REFUSED,
    `${nameQueue(queue)} got a message ${formatDuration(Math.max(age, 0))} ago, and the kernel keeps no time for each: --older-than ${word} purges only if the last one is that old; nothing done`,
  );
}

export async function run(words: readonly string[], options: PurgeOptions): Promise<number> {
  const target = onlyTarget(words, options);
  const type = readTypeSelection(options.type ?? '0');
  if (options.olderThan !== undefined) readDuration(options.olderThan);
  const queue = openTarget(target);
  const whole = copyQueue(queue);
  if (options.olderThan !== undefined) requireAge(whole, options.olderThan, queue);
  const copy = chooseMessages(whole, type, Infinity);
  const count = formatCount(copy.messages.length, 'message');
  const output = new Output();
  const json = options.json === true;
  if (!json) await writeTypes(copy, output);
  const dryRun = options.dryRun === true;
  const nothing = dryRun || copy.messages.length === 0;
  if (!nothing) await requireConsent(`Purge ${count} of ${nameQueue(queue)}?`, options.yes === true);
  const backup = nothing ? undefined : saveChosen(copy, options.backup, 'purge');
  const { taken, later } = nothing ? { taken: 0, later: [] } : takeListed(queue, copy.messages);
  for (const message of later) returnMessage([queue], message, 'a message came while others receive, too');
  if (json) {
    const { id, key } = queue;
    const purge = { dryRun, queue: { id, key: key ?? null }, ...typesJson(copy), purged: taken };
    await output.write(`${jsonText({ purge: { ...purge, backup: backup ?? null } }, 2)}\n`);
  } else {
    const size = formatSize(bytesOf(copy));
    await output.write(
      dryRun ? `would purge ${count} (${size}); nothing done\n` : `purged ${formatCount(taken, 'message')}\n`,
    );
    if (backup !== undefined)
      await output.write(
        `the backup of ${count} is in ${escapeText(backup)}; to restore it: ${restoreCommand(backup)}\n`,
      );
  }
  await output.flush();
  const missed = copy.messages.length - taken;
  if (!nothing && missed > 0)
    note(`ipctools: another program took ${formatCount(missed, 'message')} meanwhile`);
  return EXIT.done;
}
