import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import type { Message } from '@timeq/mq-native';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { messageToJson } from '../messages/json-line.js';

/** How --format writes bodies. */
export const BODY_FORMATS = ['text', 'hex', 'base64', 'json'] as const;
export type BodyFormat = (typeof BODY_FORMATS)[number];

/** @throws UsageError naming the formats */
export function parseBodyFormat(word: string): BodyFormat {
  const format = BODY_FORMATS.find((candidate) => candidate === word);
  if (format !== undefined) return format;
  throw new UsageError(`unknown format '${word}'; use one of ${BODY_FORMATS.join(', ')}`);
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
  const lines = {
    text: () => previewBody(body),
    hex: () => body.toString('hex'),
    base64: () => body.toString('base64'),
    json: () => jsonText(messageToJson(message)),
  };
  return Buffer.from(`${lines[format]()}\n`);
}
