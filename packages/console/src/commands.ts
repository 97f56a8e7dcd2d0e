import type { IncomingMessage } from 'node:http';
import type { Refusal } from './guard.js';
import type { Changes } from './source.js';
import type { Command } from './wire.js';

/** A body has one message at most, and the kernel's limit is usually 8,192 bytes. */
const LONGEST = 1024 * 1024;

/** What a request for a change gets: JSON, or why it is refused. */
type Reply = { readonly content: unknown } | Refusal;

const BAD: Refusal = { status: 400, sentence: 'This is not a command of the page.' };
const FOREIGN: Refusal = { status: 403, sentence: 'Only the page itself may change something.' };
const LONG: Refusal = { status: 413, sentence: `A command has ${LONGEST} bytes at most.` };
const CUT: Refusal = { status: 400, sentence: 'The request ended early.' };

/** Whether the page itself sends it: a form of another site can send neither this type nor, with it, this origin. */
function isOwn({ headers }: IncomingMessage): boolean {
  return headers['content-type'] === 'application/json' && headers.origin === `http://${headers.host}`;
}

/** Answers a request that may change something. */
export async function answerCommand(
  request: IncomingMessage,
  path: string,
  changes: Changes,
): Promise<Reply> {
  if (!isOwn(request)) return FOREIGN;
  const text = await readText(request);
  if (typeof text !== 'string') return text;
  if (path === '/changes/backups') return { content: changes.backups() };
  const fields = fieldsOf(text);
  const command = fields && commandOf(fields);
  if (fields === undefined || command === undefined) return BAD;
  if (path === '/changes/plan') return { content: changes.plan(command) };
  const { mark } = fields;
  if (path !== '/changes/do' || typeof mark !== 'string') return BAD;
  return { content: changes.carryOut(command, mark) };
}

async function readText(request: IncomingMessage): Promise<string | Refusal> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > LONGEST) return LONG;
      chunks.push(chunk);
    }
  } catch {
    return CUT;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isId(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 31;
}

function commandOf({ verb, id, type, body, backup }: Readonly<Record<string, unknown>>): Command | undefined {
  if (verb === 'remove' && isId(id)) return { verb, id };
  if (verb === 'send' && isId(id) && typeof type === 'string' && typeof body === 'string')
    return { verb, id, type, body };
  if (verb === 'restore' && typeof backup === 'string') return { verb, backup };
  return undefined;
}
