import { jsonText } from '@timeq/cli-kit/text/escape';
import { readBytes } from '@timeq/cli-kit/args/bytes';
import { readNamingKey } from '@timeq/cli-kit/args/key';
import { readMode } from '@timeq/cli-kit/args/mode';
import { readProjectId } from '@timeq/cli-kit/args/project-id';
import { randomInt } from 'node:crypto';
import { formatKey, ftok, IPC_PRIVATE, MessageQueue, type Key } from '@timeq/mq-native';
import { QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { jsonEntry } from '../../render/columns/write.js';
import { Facts } from '../../model/facts.js';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { codeOf } from '../../failure.js';
import { entryOf } from '../../model/find-queue.js';
import { Output } from '@timeq/cli-kit/output/output';

export interface CreateOptions {
  readonly key?: string;
  readonly path?: string;
  readonly projectId?: string;
  readonly private?: true;
  readonly mode?: string;
  readonly maxBytes?: string;
  readonly json?: true;
}

/** The key that the options name; IPC_PRIVATE for --private, undefined for a random one. */
function parseWantedKey({ key, path, projectId, ...options }: CreateOptions): Key | undefined {
  if (options.private) return IPC_PRIVATE;
  if (path === undefined && projectId !== undefined) throw new UsageError('--project-id needs --path');
  if (key !== undefined) return readNamingKey(key);
  return path === undefined ? undefined : ftok(path, readProjectId(projectId ?? '1'));
}

function createAtFreeKey(mode: number): MessageQueue {
  for (;;) {
    try {
      return MessageQueue.create(randomInt(1, 2 ** 31), { mode });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

function createQueue(key: Key | undefined, mode: number): MessageQueue {
  if (key === undefined) return createAtFreeKey(mode);
  return key === IPC_PRIVATE ? MessageQueue.createPrivate({ mode }) : MessageQueue.create(key, { mode });
}

export async function run(_words: readonly string[], options: CreateOptions): Promise<number> {
  const ways = [options.key, options.path, options.private].filter((way) => way !== undefined);
  if (ways.length > 1) throw new UsageError('use only one of --key, --path and --private');
  const mode = readMode(options.mode ?? '0600');
  const maxBytes = options.maxBytes === undefined ? undefined : readBytes(options.maxBytes);
  const queue = createQueue(parseWantedKey(options), mode);
  try {
    if (maxBytes !== undefined) queue.set({ maxBytes });
  } catch (error) {
    queue.remove(); // half of what was asked for is not what was asked for
    throw error;
  }
  const output = new Output();
  // One word, which every verb accepts as a queue.
  const word = queue.key ? formatKey(queue.key) : String(queue.id);
  const json = jsonEntry(entryOf(queue), QUEUE_COLUMNS, new Facts());
  await output.deliver(options.json ? `${jsonText({ queue: json })}\n` : `${word}\n`);
  return EXIT.done;
}
