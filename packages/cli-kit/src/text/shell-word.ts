import { escapeText } from './escape.js';

/**
 * The text as one word of a shell's command line, to be copied from a terminal. Bytes that are not safe on a terminal
 * are written in `$'…'`, which bash, zsh and ksh read.
 */
export function shellWord(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  if (escapeText(text) === text) return `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const bytes = [...Buffer.from(text)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  // A hexadecimal digit behind an escape would belong to it in some shells.
  return `$'${bytes.join('').replace(/(\\x..)(?=[0-9A-Fa-f])/g, "$1'$$'")}'`;
}
