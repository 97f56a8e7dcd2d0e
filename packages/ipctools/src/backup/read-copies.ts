import { createHash } from 'node:crypto';
import type { Message } from '@timeq/mq-native';
import { asFailure, Failure } from '../failure.js';
import { messageFromJson } from '../messages/json-line.js';
import { CHECKSUM, FORMAT, VERSION } from './format.js';
import type { CopiedEntry, QueueCopy } from './queue-copy.js';
import { readRegularFile } from './regular-file.js';

type Fields = Readonly<Record<string, unknown>>;

/** A backup file that is complete: every byte is as it was written. */
export interface CopiedQueues {
  /** When it was written, in ISO 8601. */
  readonly created: string;
  readonly queues: readonly QueueCopy[];
}

const NEWLINE = 10;

function parseLine(line: Buffer): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** The lines with their newlines; the last one may lack it. */
function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    yield bytes.subarray(start, end);
    start = end;
  }
}

function wholeNumber(fields: Fields, name: string, highest: number): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= highest) return value;
  throw new Failure(`"${name}" of a queue must be a whole number from 0 to ${highest}`);
}

function readEntry(value: unknown): CopiedEntry {
  if (typeof value !== 'object' || value === null)
    throw new Failure('"queue" must be an object with the properties of the queue');
  const fields = value as Fields;
  const number = (name: string): number => wholeNumber(fields, name, Number.MAX_SAFE_INTEGER);
  const id = (name: string): number => wholeNumber(fields, name, 2 ** 32 - 1);
  const time = (name: string): number => (fields[`${name}Epoch`] === null ? 0 : number(`${name}Epoch`));
  return {
    key: id('key'),
    id: id('id'),
    mode: wholeNumber(fields, 'mode', 0o777),
    uid: id('ownerUid'),
    gid: id('groupGid'),
    creatorUid: id('creatorUid'),
    creatorGid: id('creatorGroupGid'),
    messages: number('messages'),
    bytes: number('bytes'),
    maxBytes: fields['maxBytes'] === null ? undefined : number('maxBytes'),
    sendTime: time('sendTime'),
    receiveTime: time('receiveTime'),
    changeTime: time('changeTime'),
    lastSendPid: number('lastSendPid'),
    lastReceivePid: number('lastReceivePid'),
  };
}

function checkHeader(line: Buffer | undefined, path: string): string {
  const header = line && parseLine(line);
  if (header?.['format'] !== FORMAT)
    throw new Failure(`${path} is not a queue backup: its first line does not say "${FORMAT}"`);
  if (header['version'] !== VERSION) {
    throw new Failure(
      `${path} has version ${String(header['version'])} of the format, and this ipctools reads version ${VERSION}`,
    );
  }
  return String(header['created']);
}

/** @returns the last line's fields */
function checkWhole(bytes: Buffer, lines: readonly Buffer[], path: string): Fields {
  const last = lines.at(-1);
  const end = last && last.at(-1) === NEWLINE ? parseLine(last) : undefined;
  const expected = end?.[CHECKSUM];
  if (last === undefined || end === undefined || typeof expected !== 'string') {
    throw new Failure(`${path} is cut off: its last line, with the checksum, is missing; nothing done`);
  }
  const actual = createHash(CHECKSUM)
    .update(bytes.subarray(0, bytes.length - last.length))
    .digest('hex');
  if (actual !== expected)
    throw new Failure(`${path} is damaged: its checksum doesn't fit its content; nothing done`);
  return end;
}

function readSections(lines: readonly Buffer[], end: Fields): QueueCopy[] {
  const queues: { entry: CopiedEntry; messages: Message[] }[] = [];
  for (const line of lines) {
    const queue = parseLine(line)?.['queue'];
    if (queue !== undefined) queues.push({ entry: readEntry(queue), messages: [] });
    else {
      const section = queues.at(-1);
      if (section === undefined) throw new Failure('a message comes before any queue');
      section.messages.push(messageFromJson(line.toString('utf8')));
    }
  }
  for (const { entry, messages } of queues) {
    if (messages.length !== entry.messages)
      throw new Failure(`a queue says it has ${entry.messages} messages, and ${messages.length} follow`);
  }
  const messages = queues.reduce((sum, queue) => sum + queue.messages.length, 0);
  if (end['queues'] !== queues.length || end['messages'] !== messages)
    throw new Failure("it is damaged: its last line doesn't fit its content");
  return queues;
}

/**
 * Reads a backup file, and refuses one that is truncated, damaged or of a later version. @throws Failure, ENOENT,
 * EACCES
 */
export function readCopies(path: string): CopiedQueues {
  const bytes = readRegularFile(path);
  const lines = [...linesOf(bytes)];
  const created = checkHeader(lines[0], path);
  const end = checkWhole(bytes, lines, path);
  try {
    return { created, queues: readSections(lines.slice(1, -1), end) };
  } catch (error) {
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    throw new Failure(`${path}: ${failure.message}; nothing done`);
  }
}
