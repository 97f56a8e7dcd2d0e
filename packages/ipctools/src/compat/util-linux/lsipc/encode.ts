import { showsUnicode } from '@timeq/cli-kit/text/character-set';
import { escapeText } from '@timeq/cli-kit/text/escape';

// Names and command lines may come from any program. All text here is one character per byte.

/** Most cells need no look at their characters. */
const PLAIN = /^[\u0020-\u005b\u005d-\u007e]*$/;

let unicode: boolean | undefined;

/** The text on a terminal: controls, and what the character set of the locale does not have, as `\x1b`. */
export function shown(text: string): string {
  if (PLAIN.test(text)) return text;
  unicode ??= showsUnicode({ ...process.env, TERM: '' });
  const controls = /\\x|[\u0000-\u001f\u007f]/g; // oxlint-disable-line no-control-regex
  const safe = text.replace(controls, (found) => `\\x${hexadecimal(found)}${found.slice(1)}`);
  const decoded = unicode ? decode(safe) : undefined;
  if (decoded === undefined) return safe.replace(/[\u0080-\u00ff]/g, (byte) => `\\x${hexadecimal(byte)}`);
  return Buffer.from(escapeText(decoded)).toString('latin1');
}

/** The text as a word: nothing that a shell splits. */
export function word(text: string): string {
  return text.replace(/[^\u0021-\u005b\u005d-\u007e]/g, (byte) => `\\x${hexadecimal(byte)}`);
}

/** The text in quotes: nothing in it ends them, and a shell replaces nothing. */
export function quoted(text: string): string {
  return `"${text.replace(/[^\u0020\u0021\u0023\u0025-\u005b\u005d-\u005f\u0061-\u007e]/g, (byte) => `\\x${hexadecimal(byte)}`)}"`;
}

/** The text in JSON, or null. Bytes that are not UTF-8 would make it no JSON, and are replaced. */
export function json(text: string | undefined): string {
  if (text === undefined || text === '') return 'null';
  if (PLAIN.test(text) && !text.includes('"')) return `"${text}"`;
  const safe = JSON.stringify(Buffer.from(text, 'latin1').toString('utf8')).replace(
    /[\u0080-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Buffer.from(safe).toString('latin1');
}

/** Columns of a terminal; undefined bytes are none. */
function hexadecimal(text: string): string {
  return text.charCodeAt(0).toString(16).padStart(2, '0');
}

function decode(bytes: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}
