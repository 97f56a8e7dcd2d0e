import { jsonText } from '@timeq/cli-kit/text/escape';
import { readWait } from '@timeq/cli-kit/args/duration';
import { setTimeout as delay } from 'node:timers/promises';
import { GoneError, type QueueEntry } from '@timeq/mq-native';
import { parseCondition } from '../../render/columns/filter.js';
import { QUEUE_COLUMNS } from '../../render/columns/queues.js';
import { jsonEntry } from '../../render/columns/write.js';
import { Facts } from '../../model/facts.js';
import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import { Owners } from '../../model/owners.js';
import { entryOf, nameQueue, openTarget } from '../../model/find-queue.js';
import { onlyTarget, type TargetOptions } from '../target.js';
import { Output } from '@timeq/cli-kit/output/output';

interface WaitCommandOptions extends TargetOptions {
  readonly until?: string;
  readonly timeout?: string;
  readonly json?: true;
}

/**
 * Milliseconds between two looks, growing from the first to the second: the kernel gives no notice when a queue
 * changes.
 */
const SHORTEST_PAUSE = 5;
const LONGEST_PAUSE = 200;

export async function run(words: readonly string[], options: WaitCommandOptions): Promise<number> {
  const target = onlyTarget(words, options);
  const condition = options.until ?? 'messages>0';
  const timeout = options.timeout === undefined ? Infinity : readWait(options.timeout);
  const owners = new Owners();
  parseCondition(condition, QUEUE_COLUMNS, new Facts({ owners }));
  const queue = openTarget(target);
  using interruption = new Interruption();
  const until = performance.now() + timeout;
  const output = new Output();
  const report = async (entry: QueueEntry, facts: Facts): Promise<void> => {
    if (options.json !== true) return;
    await output.deliver(`${jsonText({ queue: jsonEntry(entry, QUEUE_COLUMNS, facts) })}\n`);
  };
  for (let pause = SHORTEST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const facts = new Facts({ owners });
    const entry = look(queue);
    if (parseCondition(condition, QUEUE_COLUMNS, facts)(entry)) {
      await report(entry, facts);
      return EXIT.done;
    }
    const left = until - performance.now();
    if (left <= 0) {
      await report(entry, facts);
      throw new ExitError(
        EXIT.timedOut,
        `${nameQueue(queue)} did not meet ${condition} within ${options.timeout}`,
      );
    }
    try {
      await delay(Math.min(pause, left), undefined, { signal: interruption.signal });
    } catch {
      throw new ExitError(interruption.exitCode ?? EXIT.failed, 'interrupted');
    }
  }
}

function look(queue: ReturnType<typeof openTarget>): QueueEntry {
  try {
    return entryOf(queue);
  } catch (error) {
    if (!(error instanceof GoneError)) throw error;
    throw new ExitError(EXIT.failed, `${nameQueue(queue)} was removed`);
  }
}
