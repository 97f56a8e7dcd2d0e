import { readCount } from '@timeq/cli-kit/args/integer';
import { readTypeSelection } from '@timeq/cli-kit/args/message-type';
import type { Message, MessageQueue, MessageType } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { writeJsonList } from '@timeq/cli-kit/output/json-lists';
import { formatCount } from '../../format/count.js';
import type { JsonObject } from '../../format/json.js';
import {
  encodeMessage,
  formatBody,
  guessFormat,
  parseBodyFormat,
  type BodyFormat,
} from '../../render/body-format.js';
import { hexdump } from '../../render/hexdump.js';
import { messageToJson } from '../../messages/json-line.js';
import { selects } from '../../moving/selects.js';
import { openTarget } from '../../model/find-queue.js';
import { onlyTarget, type TargetOptions } from '../target.js';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';

interface PeekOptions extends TargetOptions {
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

function* jsonMessages(messages: Iterable<Message>): Generator<JsonObject> {
  for (const message of messages) yield messageToJson(message);
}

/** The columns for people. A body is cut where it is text; in another format it would be of no use then. */
function columnsFor(format: Exclude<BodyFormat, 'json'>): TextColumn<Message>[] {
  return [
    { label: 'TYPE', align: 'right', priority: 2, text: ({ type }) => String(type) },
    { label: 'BYTES', align: 'right', priority: 1, text: ({ body }) => String(body.length) },
    {
      label: 'BODY',
      priority: 3,
      shrinksTo: 10,
      text: ({ body }) => formatBody(body, format),
    },
  ];
}

function linesFor(message: Message, format: 'hex' | 'json'): string {
  if (format === 'json') return encodeMessage(message, format, true).toString();
  const { type, body } = message;
  return `${[`type ${type}, ${formatCount(body.length, 'byte')}`, ...hexdump(body)].join('\n')}\n`;
}

export async function run(words: readonly string[], options: PeekOptions): Promise<number> {
  const target = onlyTarget(words, options);
  const type = readTypeSelection(options.type ?? '0');
  const limit = options.limit === undefined ? Infinity : readCount(options.limit, 'number of messages');
  const format = parseBodyFormat(options.format ?? 'text');
  if (options.json === true && options.format !== undefined) {
    throw new UsageError(
      '--json is one document with all messages, --format json a line for each; give one of them',
    );
  }
  const queue = openTarget(target);
  const messages = chosenMessages(queue, type, limit);
  const output = new Output();
  if (options.json === true) {
    await writeJsonList(output, 'messages', jsonMessages(messages));
    return EXIT.done;
  }
  if (format === 'hex' || format === 'json') {
    for (const message of messages) {
      const full = output.write(linesFor(message, format));
      if (full) await full;
    }
    await output.flush();
    return EXIT.done;
  }
  const list = [...messages];
  await writeTable(list, columnsFor(format), output, {
    whole: format !== 'text',
    empty: type === 0 ? 'no messages' : 'no messages match',
  });
  await output.flush();
  const guess = format === 'text' ? guessFormat(list.map(({ body }) => body)) : undefined;
  if (guess !== undefined) note(`ipctools: ${guess}`);
  return EXIT.done;
}
