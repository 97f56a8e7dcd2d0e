import { jsonText } from '@timeq/cli-kit/text/escape';
import { readWait } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import type { Message, MessageQueue, Selection } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { explain } from '../explain.js';
import { formatCount } from '../../format/count.js';
import { encodeMessage, parseBodyFormat, type BodyFormat } from '../../render/body-format.js';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import { messageToJson } from '../../messages/json-line.js';
import { selects } from '../../moving/selects.js';
import { Progress } from '../progress.js';
import { Jobs } from '../jobs.js';
import { returnMessage } from '../return-message.js';
import { receiveMessages, type ReceiveResult } from '../receiver.js';
import { parseSelection } from '../message-selection.js';
import { nameQueue, openTarget } from '../../model/find-queue.js';
import { readQueueTarget } from '@timeq/cli-kit/args/queue-target';
import { onlyTarget, type TargetOptions } from '../target.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { requireOutput } from '@timeq/cli-kit/output/require-output';
import { screenOf } from '@timeq/cli-kit/output/screen';

export interface ReceiveOptions extends TargetOptions {
  readonly type?: string;
  readonly except?: string;
  readonly count?: string;
  readonly all?: true;
  readonly follow?: true;
  readonly wait: boolean;
  readonly timeout?: string;
  readonly format?: string;
  readonly json?: true;
  readonly exec?: string;
  readonly jobs?: string;
  readonly failed?: string;
}

function checkJobs({ exec, jobs, failed, format, json }: ReceiveOptions): void {
  if (exec === undefined && (jobs ?? failed) !== undefined)
    throw new UsageError(`--${jobs === undefined ? 'failed' : 'jobs'} is for --exec`);
  if (exec?.trim() === '') throw new UsageError('--exec is blank: messages would be taken and dropped');
  if (exec !== undefined && (json ?? format) !== undefined)
    throw new UsageError(
      '--exec gives bodies to a command, and prints none; --format and --json have no meaning with it',
    );
}

function checkCombination({ count, all, follow, wait, timeout, format, json }: ReceiveOptions): void {
  if (Number(count !== undefined) + Number(all ?? false) + Number(follow ?? false) > 1) {
    throw new UsageError('use only one of --count, --all and --follow');
  }
  if (timeout !== undefined && (!wait || all))
    throw new UsageError('--timeout has no meaning without a wait (--no-wait, --all)');
  if (follow && !wait) throw new UsageError('--follow waits; --all takes what is there now');
  if (json && follow)
    throw new UsageError('--follow has no end, so no JSON document; use --format json, a line for each');
  if (json && format !== undefined) {
    throw new UsageError(
      '--json is one document with all messages, --format json a line for each; give one of them',
    );
  }
}

/** More would be a mistake, and not fit into a machine. */
const MOST_JOBS = 1000;

/** The destination of messages: each by itself, or all in one JSON document. */
interface Sink {
  deliver(message: Message): Promise<void>;
  end(result: ReceiveResult): Promise<void>;
}

function lineSink(output: Output, format: BodyFormat): Sink {
  const { isTerminal } = screenOf();
  return {
    deliver: (message) => output.deliver(encodeMessage(message, format, isTerminal)),
    end: () => Promise.resolve(),
  };
}

function documentSink(output: Output): Sink {
  let separator = '{"messages":[\n';
  return {
    async deliver(message) {
      await output.deliver(separator + jsonText(messageToJson(message)));
      separator = ',\n';
    },
    end: ({ count, end }) =>
      output.deliver(
        `${count === 0 ? '{"messages":[' : '\n'}],"count":${count},"timedOut":${end === 'timed out'}}\n`,
      ),
  };
}

function finish(
  queue: MessageQueue,
  result: ReceiveResult,
  options: ReceiveOptions,
  interruption: Interruption,
): number {
  const { count, end } = result;
  if (result.undelivered !== undefined) {
    const { message, error } = result.undelivered;
    returnMessage([queue], message, error instanceof Error ? error.message : String(error));
    return EXIT.failed;
  }
  const wanted = options.count ?? '1';
  if (end === 'interrupted') {
    if (options.follow) return EXIT.done;
    note(`ipctools: interrupted; received ${count} of ${wanted}`);
    return interruption.exitCode ?? EXIT.failed;
  }
  if (options.all || options.follow) return EXIT.done;
  if (options.count !== undefined && options.timeout !== undefined) {
    note(`received ${count} of ${wanted}${end === 'timed out' ? ` within ${options.timeout}` : ''}`);
  } else if (end === 'timed out') {
    const named = nameQueue(queue);
    note(
      options.timeout === undefined
        ? `ipctools: no matching message in ${named}${count > 0 ? ` after ${formatCount(count, 'message')}` : ''}`
        : `ipctools: no matching message arrived in ${named} within ${options.timeout}`,
    );
  }
  return end === 'timed out' ? EXIT.timedOut : EXIT.done;
}

export async function run(words: readonly string[], options: ReceiveOptions): Promise<number> {
  const target = onlyTarget(words, options);
  checkCombination(options);
  checkJobs(options);
  const selection = parseSelection(options);
  const format = parseBodyFormat(options.format ?? 'text');
  const single = options.all || options.follow ? Infinity : 1;
  const count = options.count === undefined ? single : readCount(options.count, 'number of messages');
  const patience = options.timeout === undefined ? Infinity : readWait(options.timeout);
  const timeout = options.wait && !options.all ? patience : 0;
  if (options.exec === undefined) requireOutput('the messages');
  const queue = openTarget(target);
  using interruption = new Interruption();
  const output = new Output();
  const jobs = jobsFor(queue, options, interruption);
  const sink = jobs ?? (options.json ? documentSink(output) : lineSink(output, format));
  let received = 0;
  // Messages of failed commands come back, and are not there now.
  const most = jobs !== undefined && options.all ? countMatching(queue, selection) : count;
  using progress = new Progress('received', {
    total: options.all && most === Infinity && isAny(options) ? queue.stat().messages : most,
    amongOthers: jobs !== undefined,
    // Messages on the same terminal show how far it got.
    isShown: jobs !== undefined || !screenOf().isTerminal,
  });
  const deliver = async (message: Message): Promise<void> => {
    await sink.deliver(message);
    received += 1;
    progress.step();
  };
  try {
    const plan = { ...selection, count: most, timeout, signal: interruption.signal };
    const result = await receiveMessages(queue, plan, deliver);
    if (result.end !== 'undelivered') await sink.end(result);
    const exitCode = finish(queue, result, options, interruption);
    if (jobs === undefined || jobs.failures === 0) return exitCode;
    note(`ipctools: ${jobs.failures} of ${formatCount(received, 'command')} failed`);
    return exitCode === EXIT.done ? EXIT.failed : exitCode;
  } catch (error) {
    if (received > 0 && explain(error) !== undefined)
      note(`ipctools: ${formatCount(received, 'message')} received before this:`);
    throw error;
  } finally {
    await jobs?.end();
    queue.close();
  }
}

function isAny({ type = '0', except }: ReceiveOptions): boolean {
  return type === '0' && except === undefined;
}

function jobsFor(
  queue: MessageQueue,
  { exec: command, jobs = '1', failed }: ReceiveOptions,
  interruption: Interruption,
): Jobs | undefined {
  if (command === undefined) return undefined;
  const most = readCount(jobs, 'number of jobs', 1, MOST_JOBS);
  const other = failed === undefined ? undefined : openTarget(readQueueTarget(failed));
  return new Jobs({ command, jobs: most, queue, failed: other }, interruption);
}

function countMatching(queue: MessageQueue, { type = 0, except }: Selection): number {
  let count = 0;
  for (const message of queue.peekAll())
    if (except === undefined ? selects(type, message.type) : BigInt(message.type) !== BigInt(except))
      count += 1;
  return count;
}
