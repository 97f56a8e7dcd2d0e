import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import type { Message } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { messageToJson } from '../messages/json-line.js';
import { BODY_FORMATS } from './body-formats.js';
import { readPhp } from './php-value.js';
import { jsonBytes, parseLayout, readStruct, type StructLayout } from './struct-layout.js';

/** How --format writes bodies; a layout is that of a struct. */
export type BodyFormat = (typeof BODY_FORMATS)[number] | StructLayout;

const STRUCT = 'struct:';

/** @throws UsageError naming the formats; Failure for a wrong layout */
export function parseBodyFormat(word: string): BodyFormat {
  if (word.startsWith(STRUCT)) return parseLayout(word.slice(STRUCT.length));
  const format = BODY_FORMATS.find((candidate) => candidate === word);
  if (format !== undefined) return format;
  throw new UsageError(`unknown format '${word}'; use one of ${BODY_FORMATS.join(', ')} or struct:LAYOUT`);
}

/** A body in one line that is safe on a terminal. What doesn't have the format is shown with all its bytes. */
export function formatBody(body: Buffer, format: Exclude<BodyFormat, 'json'>): string {
  if (format === 'text') return previewBody(body);
  if (format === 'hex' || format === 'base64') return body.toString(format);
  if (format !== 'php') return jsonText(readStruct(format, body));
  const value = readPhp(body);
  return jsonText(value === undefined ? { error: 'no PHP serialize', body: jsonBytes(body) } : value[0]);
}

/** The format that bodies seem to have, to be offered where text is shown. */
export function guessFormat(bodies: Iterable<Buffer>): string | undefined {
  let found = false;
  for (const body of bodies) {
    // A body may look like a value by chance; all of them do not.
    if (!/^(?:N;|[bids]:|[aOE]:\d)/.test(body.toString('latin1', 0, 4)) || readPhp(body) === undefined)
      return undefined;
    found = true;
  }
  return found ? 'looks like PHP serialize; --format php' : undefined;
}

/** The text of a body, safe on a terminal and in one line: control characters and broken UTF-8 are escaped. */
export function previewBody(body: Buffer): string {
  const text = body.toString('utf8');
  if (!text.includes('\ufffd')) return escapeText(text);
  // Not (all) UTF-8: what is ASCII stays readable.
  return escapeText(body.toString('latin1')).replace(
    /[\u00a0-\u00ff]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16)}`,
  );
}

/**
 * What `receive` writes for a message: the body alone and a newline, or the whole message as a line of JSON.
 * `safe` is for a terminal, where text must not move the cursor; otherwise the bytes are exact.
 */
export function encodeMessage(message: Message, format: BodyFormat, safe: boolean): Buffer {
  const { body } = message;
  if (format === 'text' && !safe) return Buffer.concat([body, Buffer.from('\n')]);
  const line = format === 'json' ? jsonText(messageToJson(message)) : formatBody(body, format);
  return Buffer.from(`${line}\n`);
}
