import { fstatSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { readWait } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { readMessageType } from '@timeq/cli-kit/args/message-type';
import { readMode } from '@timeq/cli-kit/args/mode';
import { MessageQueue, type Message, type MessageType } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT, ExitError } from '@timeq/cli-kit/exit/exit-codes';
import { explain } from '../explain.js';
import { codeOf } from '../../failure.js';
import { openInput, parseHex, readInput, STANDARD_INPUT } from '../bodies.js';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import { messageFromJson } from '../../messages/json-line.js';
import { isInputPiped, LineReader } from '../line-reader.js';
import { Progress } from '../progress.js';
import { Sender } from '../sender.js';
import { openTarget, type QueueTarget } from '../../model/find-queue.js';
import { takeTarget, type TargetOptions } from '../target.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';

interface SendOptions extends TargetOptions {
  readonly type?: string;
  readonly file?: string;
  readonly lines?: true;
  readonly hex?: true;
  readonly json?: true;
  readonly wait: boolean;
  readonly timeout?: string;
  readonly create?: true;
  readonly mode?: string;
  readonly count?: string;
  readonly interval?: string;
}

/** Milliseconds after Ctrl-C until it says what it waits for. */
const PATIENCE = 1000;

/** How many times as long as a body an input may be: two digits for a byte, and blanks. The kernel refuses what is shorter. */
const LONGEST_INPUT = 16;

const NEWLINE = Buffer.from('\n');

function checkCombination(bodies: readonly string[], options: SendOptions): void {
  const { file, lines, hex, json, type, wait, timeout, create, mode, count, interval } = options;
  if (count !== undefined && (lines || json || file !== undefined || bodies.includes(STANDARD_INPUT)))
    throw new UsageError('--count repeats bodies of the command line, and has no meaning with other input');
  if (interval !== undefined && count === undefined)
    throw new UsageError('--interval is the time between the messages of --count');
  if (file !== undefined && bodies.length > 0) throw new UsageError('give bodies or --file, not both');
  if ((lines || json) && bodies.some((body) => body !== STANDARD_INPUT)) {
    throw new UsageError(
      `--${json ? 'json' : 'lines'} reads standard input or --file; bodies can't be given as well`,
    );
  }
  if (json && (lines || hex || type !== undefined)) {
    throw new UsageError(
      '--json has types and bodies in its lines; --type, --lines and --hex have no meaning with it',
    );
  }
  if (!wait && timeout !== undefined)
    throw new UsageError('--timeout has no meaning without a wait (--no-wait, --all)');
  if (!create && mode !== undefined)
    throw new UsageError('--mode is for --create; `ipctools set` changes a queue');
  if (!json && !lines && file === undefined && bodies.length === 0) {
    // In a loop of a shell, or below ssh, the input is another program's: it is read only if that is asked for.
    throw new UsageError(
      isInputPiped()
        ? 'no body; to send what comes through the pipe: - as one message, --lines as one for each line'
        : "no body; give some, or - for standard input, or '' for an empty one",
    );
  }
}

function openOrCreate(target: QueueTarget, { create, mode }: SendOptions): MessageQueue {
  if (!create) return openTarget(target);
  if (target.by === 'id') throw new UsageError('--create needs a key, such as 0x80; the kernel chooses ids');
  return MessageQueue.openOrCreate(target.key, { mode: readMode(mode ?? '0600') });
}

/** Bodies from the command line; all are read and checked before the first is sent. */
async function wholeMessages(
  bodies: readonly string[],
  { file, hex }: SendOptions,
  type: MessageType,
): Promise<Message[]> {
  const messages: Message[] = [];
  const most = MessageQueue.limits().maxMessageBytes * LONGEST_INPUT;
  for (const word of file === undefined ? bodies : [file]) {
    const isInput = file !== undefined || word === STANDARD_INPUT;
    const bytes = isInput ? await readInput(word, most) : Buffer.from(word, 'utf8');
    messages.push({ type, body: hex ? parseHex(bytes.toString('latin1')) : bytes });
  }
  return messages;
}

/** A body of the command line for one of several messages: `{n}` is its number, `{time}` the time when it is sent. */
function filled(body: string, number: number): string {
  return body.replaceAll('{n}', String(number)).replaceAll('{time}', () => new Date().toISOString());
}

/** Sends the bodies again and again. */
async function repeat(
  sender: Sender,
  bodies: readonly string[],
  options: SendOptions,
  type: MessageType,
  { signal }: Interruption,
): Promise<void> {
  const { hex, count = '1', interval = '0' } = options;
  const rounds = readCount(count, 'number of messages');
  const distance = readWait(interval);
  using progress = new Progress('sent', { total: rounds * bodies.length });
  for (let number = 1; number <= rounds; number += 1) {
    for (const body of bodies) {
      if (distance > 0 && sender.count > 0)
        await delay(distance, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw new ExitError(EXIT.failed, `interrupted; ${sender.count} sent`);
      const text = filled(body, number);
      const bytes = hex ? parseHex(text) : Buffer.from(text, 'utf8');
      await sendOne(sender, () => ({ type, body: bytes }), `message ${sender.count + 1}: `);
      progress.step();
    }
  }
}

/** Runs one send; a failure reports the progress. */
async function sendOne(sender: Sender, message: () => Message, place: string): Promise<void> {
  try {
    await sender.send(message());
  } catch (error) {
    const failure =
      codeOf(error) === 'ABORT_ERR' ? new ExitError(EXIT.failed, 'interrupted') : explain(error);
    if (failure === undefined) throw error;
    // Wrong usage means that nothing was done; after a message was sent it is a failure like others.
    const exitCode = failure.exitCode === EXIT.usage && sender.count > 0 ? EXIT.failed : failure.exitCode;
    throw new ExitError(
      exitCode,
      `${place}${failure.message}${place === '' ? '' : `; ${sender.count} sent`}`,
    );
  }
}

/** Writes unsent input from a pipe to standard output: there is no other copy. Returns whether there was any. */
async function handBack(lines: readonly Buffer[]): Promise<boolean> {
  if (lines.length === 0) return false;
  note('ipctools: the input that was not sent is on standard output');
  await new Output().deliver(Buffer.concat(lines.flatMap((line) => [line, NEWLINE])));
  return true;
}

/** The bytes of a file; undefined where they are not known, as of a pipe. */
function sizeOf(path: string): number | undefined {
  const stats = path === STANDARD_INPUT ? fstatSync(0) : statSync(path);
  return stats.isFile() ? stats.size : undefined;
}

function remind(): void {
  note('ipctools: sending the rest of the input; Ctrl-C again stops at once');
}

/**
 * Sends lines as they come, to the end of the input. After Ctrl-C, which the pipe's writer has got as well, it goes on
 * to that end, but no longer waits for room; a second Ctrl-C stops at once. Returns whether everything that was read
 * has been sent.
 */
async function sendLines(
  sender: Sender,
  path: string,
  toMessage: (line: Buffer) => Message,
  interruption: Interruption,
): Promise<boolean> {
  const size = sizeOf(path);
  const reader = new LineReader(openInput(path));
  const isPipe = path === STANDARD_INPUT && isInputPiped();
  const end = isPipe ? interruption.insisted : interruption.signal;
  if (isPipe) interruption.signal.addEventListener('abort', () => setTimeout(remind, PATIENCE).unref());
  let number = 0;
  let inHand: Buffer[] = [];
  let bytes = 0;
  using progress = new Progress('sent', {
    ...(size !== undefined && { share: () => bytes / size }),
    // Lines that are typed are on the same terminal.
    isShown: path !== STANDARD_INPUT || !isatty(0),
  });
  try {
    for await (const line of reader.lines(end)) {
      number += 1;
      inHand = [line];
      await sendOne(sender, () => toMessage(line), `line ${number}: `);
      inHand = [];
      bytes += line.length + NEWLINE.length;
      progress.step();
    }
  } catch (error) {
    if (isPipe) await handBack([...inHand, ...(await restOf(reader, interruption))]);
    throw error;
  }
  if (isPipe) return !(await handBack(await restOf(reader, interruption)));
  reader.close();
  return !interruption.signal.aborted;
}

/**
 * The rest of a reader's pipe: to its end if that is near, because Ctrl-C ends its writer, otherwise only what is there
 * now.
 */
async function restOf(reader: LineReader, { signal, insisted }: Interruption): Promise<Buffer[]> {
  const lines: Buffer[] = [];
  if (signal.aborted) for await (const line of reader.lines(insisted)) lines.push(line);
  reader.close();
  return [...lines, ...reader.takeLines(), ...reader.takeRest()];
}

export async function run(words: readonly string[], options: SendOptions): Promise<number> {
  const { target, rest: bodies } = takeTarget(words, options);
  checkCombination(bodies, options);
  const type = readMessageType(options.type ?? '1');
  const patience = options.timeout === undefined ? Infinity : readWait(options.timeout);
  const asLines = Boolean(options.json ?? options.lines);
  const repeats = options.count !== undefined;
  if (repeats) {
    readCount(options.count ?? '', 'number of messages');
    readWait(options.interval ?? '0');
  }
  const messages = asLines || repeats ? [] : await wholeMessages(bodies, options, type);
  const queue = openOrCreate(target, options);
  using interruption = new Interruption();
  const sender = new Sender(queue, options.wait ? patience : 0, interruption.signal);
  try {
    if (asLines) {
      const body = (line: Buffer): Buffer => (options.hex ? parseHex(line.toString('latin1')) : line);
      const toMessage = (line: Buffer): Message =>
        options.json ? messageFromJson(line.toString('utf8')) : { type, body: body(line) };
      const path = options.file ?? STANDARD_INPUT;
      if (await sendLines(sender, path, toMessage, interruption)) return EXIT.done;
    }
    if (repeats) await repeat(sender, bodies, options, type, interruption);
    for (const [index, message] of messages.entries()) {
      await sendOne(sender, () => message, messages.length === 1 ? '' : `message ${index + 1}: `);
    }
  } catch (error) {
    if (interruption.exitCode !== undefined && error instanceof ExitError) {
      throw new ExitError(interruption.exitCode, error.message);
    }
    throw error;
  } finally {
    queue.close();
  }
  return interruption.exitCode ?? EXIT.done;
}
