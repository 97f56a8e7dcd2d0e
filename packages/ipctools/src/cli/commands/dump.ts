import { jsonText } from '@timeq/cli-kit/text/escape';
import { CopyFile } from '../../backup/copy-file.js';
import { CopyText } from '../../backup/copy-text.js';
import { copyQueue, type QueueCopy } from '../../backup/queue-copy.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { codeOf } from '../../failure.js';
import { formatCount } from '../../format/count.js';
import { acrossNamespaces, type NamespaceOptions } from '../across-namespaces.js';
import { Owners } from '../../model/owners.js';
import { findTarget, nameQueue, openTarget, type QueueTarget } from '../../model/find-queue.js';
import { onlyTarget, type TargetOptions } from '../target.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';

interface DumpOptions extends TargetOptions, NamespaceOptions {
  readonly output?: string;
}

/** A new file for backups. @throws UsageError if the file exists */
function createCopyFile(path: string, owners: Owners): CopyFile {
  try {
    return new CopyFile(path, owners);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new UsageError(`${path} exists already and is not overwritten; give another name`);
  }
}

/** The queue in each namespace that has it. */
async function copyQueues(target: QueueTarget, options: DumpOptions, output: Output): Promise<QueueCopy[]> {
  const copies: QueueCopy[] = [];
  const { namespace } = options;
  await acrossNamespaces(
    { ...(namespace !== undefined && { namespace }), heading: false },
    'dump',
    output,
    () => {
      copies.push(copyQueue(openTarget(target)));
      return Promise.resolve(EXIT.done);
    },
    () => findTarget(target) !== undefined,
  );
  return copies;
}

function writeToFile(path: string, copies: readonly QueueCopy[]): void {
  const file = createCopyFile(path, new Owners());
  try {
    for (const copy of copies) file.add(copy);
  } catch (error) {
    file.discard();
    throw error;
  }
  file.close();
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
  const target = onlyTarget(words, options);
  const output = new Output();
  const copies = await copyQueues(target, options, output);
  if (options.output === undefined) {
    await writeText(copies, output);
    return EXIT.done;
  }
  writeToFile(options.output, copies);
  const messages = copies.reduce((sum, copy) => sum + copy.messages.length, 0);
  const names = copies.map(({ entry }) => nameQueue(entry)).join(', ');
  note(`${formatCount(messages, 'message')} of ${names} copied to ${options.output}`);
  return EXIT.done;
}
