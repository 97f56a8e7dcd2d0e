import { CopyFile } from '../copies/copy-file.js';
import { CopyText } from '../copies/copy-text.js';
import { copyQueue } from '../copies/queue-copy.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { codeOf, usageFailure } from '../failure.js';
import { formatCount } from '../format/count.js';
import { Owners } from '../owners.js';
import { nameQueue, onlyTarget, openTarget, type TargetOptions } from '../target.js';
import { note } from '../terminal/notes.js';
import { Output } from '../terminal/output.js';

export interface DumpOptions extends TargetOptions {
  readonly output?: string;
}

/** A new file for copies. @throws Failure if there is one of that name */
export function createCopyFile(path: string, owners: Owners): CopyFile {
  try {
    return new CopyFile(path, owners);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw usageFailure(`${path} exists already, and no copy is overwritten; give another name`);
  }
}

export async function run(words: readonly string[], options: DumpOptions): Promise<ExitCode> {
  const queue = openTarget(onlyTarget(words, options));
  const copy = copyQueue(queue);
  const owners = new Owners();
  if (options.output !== undefined) {
    const file = createCopyFile(options.output, owners);
    try {
      file.add(copy);
    } catch (error) {
      file.discard();
      throw error;
    }
    file.close();
    note(
      `${formatCount(copy.messages.length, 'message')} of ${nameQueue(queue)} copied to ${options.output}`,
    );
    return EXIT.done;
  }
  const output = new Output();
  const text = new CopyText(owners);
  for (const lines of [text.header(new Date()), text.section(copy), text.end()]) {
    for (const line of lines) {
      const full = output.write(line);
      if (full) await full;
    }
  }
  await output.flush();
  return EXIT.done;
}
