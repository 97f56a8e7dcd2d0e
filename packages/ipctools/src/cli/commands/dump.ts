import { jsonText } from '@timeq/cli-kit/text/escape';
import { CopyText } from '../../backup/copy-text.js';
import { copyQueue, type QueueCopy } from '../../backup/queue-copy.js';
import type { MessageQueue } from '@timeq/mq-native';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { formatCount } from '../../format/count.js';
import { acrossNamespaces, type NamespaceOptions } from '../across-namespaces.js';
import { Owners } from '../../model/owners.js';
import { findTarget, nameQueue, openTarget, type QueueTarget } from '../../model/find-queue.js';
import { Progress } from '../progress.js';
import { writeCopies } from '../write-copies.js';
import { someTargets, type TargetListOptions } from '../target.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { requireOutput } from '@timeq/cli-kit/output/require-output';

interface DumpOptions extends TargetListOptions, NamespaceOptions {
  readonly output?: string;
}

/** The queues in each namespace that has one of them; each once, however often it was named. */
async function copyQueues(
  targets: readonly QueueTarget[],
  options: DumpOptions,
  output: Output,
): Promise<QueueCopy[]> {
  const copies: QueueCopy[] = [];
  const { namespace } = options;
  await acrossNamespaces(
    { ...(namespace !== undefined && { namespace }), heading: false },
    'dump',
    output,
    (found) => {
      const queues = found === undefined ? targets.map(openTarget) : there(targets);
      const byId = new Map(queues.map((queue) => [queue.id, queue]));
      for (const queue of byId.values()) {
        using progress = new Progress('copied', { total: queue.stat().messages });
        copies.push(copyQueue(queue, () => progress.step()));
      }
      return Promise.resolve(EXIT.done);
    },
    () => there(targets).length > 0,
  );
  return copies;
}

function there(targets: readonly QueueTarget[]): MessageQueue[] {
  return targets.map(findTarget).filter((queue) => queue !== undefined);
}

async function writeText(copies: readonly QueueCopy[], output: Output): Promise<void> {
  const text = new CopyText(new Owners(), jsonText);
  for (const lines of [text.header(new Date()), ...copies.map((copy) => text.section(copy)), text.end()]) {
    for (const line of lines) {
      const full = output.write(line);
      if (full) await full;
    }
  }
  await output.flush();
}

export async function run(words: readonly string[], options: DumpOptions): Promise<number> {
  const targets = someTargets(words, options);
  if (options.output === undefined) requireOutput('the copy');
  const output = new Output();
  const copies = await copyQueues(targets, options, output);
  if (options.output === undefined) {
    await writeText(copies, output);
    return EXIT.done;
  }
  writeCopies(options.output, copies);
  const messages = copies.reduce((sum, copy) => sum + copy.messages.length, 0);
  const names = copies.map(({ entry }) => nameQueue(entry)).join(', ');
  note(`${formatCount(messages, 'message')} of ${names} copied to ${options.output}`);
  return EXIT.done;
}
