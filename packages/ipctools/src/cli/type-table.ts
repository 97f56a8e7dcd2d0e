import type { Output } from '@timeq/cli-kit/output/output';
import type { TextColumn } from '@timeq/cli-kit/tables/column';
import { writeTable } from '@timeq/cli-kit/tables/table';
import type { QueueCopy } from '../backup/queue-copy.js';
import { exactNumber, type JsonObject } from '../format/json.js';
import type { TypeCount } from '../model/queue-content.js';
import { bytesOf, countTypes } from '../moving/chosen-messages.js';

/** How many messages of each type there are, and their bytes. */
export const TYPE_COLUMNS: readonly TextColumn<TypeCount>[] = [
  { label: 'TYPE', align: 'right', priority: 3, text: ({ type }) => String(type) },
  { label: 'MESSAGES', align: 'right', priority: 2, text: ({ messages }) => String(messages) },
  { label: 'BYTES', align: 'right', priority: 1, text: ({ bytes }) => String(bytes) },
];

export async function writeTypes(copy: QueueCopy, output: Output): Promise<void> {
  if (copy.messages.length > 0) await writeTable(countTypes(copy), TYPE_COLUMNS, output);
  await output.flush();
}

export function typesJson(copy: QueueCopy): JsonObject {
  const types = countTypes(copy).map(({ type, messages, bytes }) => ({
    type: exactNumber(type),
    messages,
    bytes,
  }));
  return { messages: copy.messages.length, bytes: bytesOf(copy), types };
}
