import { isUtf8 } from 'node:buffer';
import type { Message, MessageType } from '@timeq/mq-native';
import { invalid } from '../failure.js';
import { exactNumber, type JsonObject } from '../format/json.js';

const HIGHEST_TYPE = 2n ** 63n - 1n;

/**
 * A message as JSON, without loss: `{"type":5,"body":"text"}`. A body that is not UTF-8 is in `base64` instead; a
 * type that a JSON number can't hold exactly (2^53 and above) is a string of digits.
 */
export function messageToJson({ type, body }: Message): JsonObject {
  const exact = exactNumber(type);
  return isUtf8(body)
    ? { type: exact, body: body.toString('utf8') }
    : { type: exact, base64: body.toString('base64') };
}

function readType(value: unknown): MessageType {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  if (typeof value === 'string' && /^\d{1,19}$/.test(value)) {
    const type = BigInt(value);
    if (type >= 1n && type <= HIGHEST_TYPE)
      return Number(type) <= Number.MAX_SAFE_INTEGER ? Number(type) : type;
  }
  const beyond = typeof value === 'number' && value > Number.MAX_SAFE_INTEGER;
  throw invalid(
    beyond
      ? '"type" is beyond 2^53, where JSON numbers are not exact; write it as a string of digits'
      : '"type" must be a whole number from 1 up (beyond 2^53 as a string)',
  );
}

/** Bytes from standard base64; text that doesn't decode exactly is refused. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '') ? bytes : undefined;
}

function readBody(fields: Readonly<Record<string, unknown>>): Buffer {
  const { body, base64 } = fields;
  if ((body === undefined) === (base64 === undefined)) {
    throw invalid('a message has either "body" (text) or "base64" (bytes)');
  }
  if (body !== undefined) {
    const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : undefined;
    // UTF-8 has no lone surrogates and would replace them: the copy would not be exact.
    if (bytes !== undefined && bytes.toString('utf8') === body) return bytes;
    throw invalid('"body" must be a string of whole characters; put other bytes into "base64"');
  }
  const bytes = typeof base64 === 'string' ? decodeBase64(base64) : undefined;
  if (bytes === undefined) throw invalid('"base64" must be a string of base64');
  return bytes;
}

/** The message that messageToJson wrote; other fields are ignored. @throws Failure saying what is wrong with it */
export function messageFromJson(line: string): Message {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw invalid('not JSON; a message is written as {"type":5,"body":"text"}');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('not a JSON object; a message is written as {"type":5,"body":"text"}');
  }
  const fields = value as Readonly<Record<string, unknown>>;
  return { type: readType(fields['type']), body: readBody(fields) };
}
