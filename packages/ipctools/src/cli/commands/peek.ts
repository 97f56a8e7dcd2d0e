import { jsonText } from '@timeq/cli-kit/text/escape';
import { cut, pad } from '@timeq/cli-kit/text/width';
import { readCount } from '@timeq/cli-kit/args/integer';
import { readTypeSelection } from '@timeq/cli-kit/args/message-type';
import type { Message, MessageQueue, MessageType } from '@timeq/mq-native';
import { EXIT, usageFailure } from '../../failure.js';
import { JsonLists } from '@timeq/cli-kit/output/json-lists';
import { formatCount } from '../../format/count.js';
import { encodeMessage, parseBodyFormat, previewBody, type BodyFormat } from '../../render/body-format.js';
import { hexdump } from '../../render/hexdump.js';
import { messageToJson } from '../../messages/json-line.js';
import { selects } from '../message-selection.js';
import { openTarget } from '../../model/find-queue.js';
import { onlyTarget, type TargetOptions } from '../target.js';
import { Output } from '@timeq/cli-kit/output/output';
import { screenOf } from '@timeq/cli-kit/output/screen';

export interface PeekOptions extends TargetOptions {
  readonly type?: string;
  readonly limit?: string;
  readonly format?: string;
  readonly json?: true;
}

function* chosenMessages(queue: MessageQueue, type: MessageType, limit: number): Generator<Message> {
  let count = 0;
  for (const message of queue.peekAll()) {
    if (count === limit) return;
    if (!selects(type, message.type)) continue;
    count += 1;
    yield message;
  }
}

function* jsonMessages(messages: Iterable<Message>): Generator<string> {
  for (const message of messages) yield jsonText(messageToJson(message));
}

const TYPE_WIDTH = 10;
const BYTES_WIDTH = 6;

function lineOf(type: string, bytes: string, body: string, width: number): string {
  return cut(
    `${pad(type, TYPE_WIDTH, 'right')}  ${pad(bytes, BYTES_WIDTH, 'right')}  ${body}`.trimEnd(),
    width,
  );
}

/** The lines for people: a table of one line for each message, or a dump of its bytes. */
function linesFor(message: Message, format: BodyFormat, width: number): string[] {
  const { type, body } = message;
  if (format === 'hex') return [`type ${type}, ${formatCount(body.length, 'byte')}`, ...hexdump(body)];
  const text = format === 'base64' ? body.toString('base64') : previewBody(body);
  return [lineOf(String(type), String(body.length), text, format === 'base64' ? Infinity : width)];
}

export async function run(words: readonly string[], options: PeekOptions): Promise<number> {
  const target = onlyTarget(words, options);
  const type = readTypeSelection(options.type ?? '0');
  const limit = options.limit === undefined ? Infinity : readCount(options.limit, 'number of messages');
  const format = parseBodyFormat(options.format ?? 'text');
  if (options.json === true && options.format !== undefined) {
    throw usageFailure(
      '--json is one document with all messages, --format json a line for each; give one of them',
    );
  }
  const queue = openTarget(target);
  const messages = chosenMessages(queue, type, limit);
  const output = new Output();
  if (options.json === true) {
    const lists = new JsonLists(output);
    await lists.list('messages', jsonMessages(messages));
    await lists.end();
    return EXIT.done;
  }
  const { width, paint } = screenOf();
  if (format === 'text' || format === 'base64') {
    await output.write(`${paint('bold', lineOf('TYPE', 'BYTES', 'BODY', width))}\n`);
  }
  for (const message of messages) {
    const text =
      format === 'json'
        ? encodeMessage(message, format, true).toString()
        : `${linesFor(message, format, width).join('\n')}\n`;
    const full = output.write(text);
    if (full) await full;
  }
  await output.flush();
  return EXIT.done;
}
