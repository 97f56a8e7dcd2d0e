import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { UsageError } from '@timeq/cli-kit/args/usage-error';

/** The word for standard input in place of a file or a body. */
export const STANDARD_INPUT = '-';

/** Bytes of hexadecimal digits; blanks between them are ignored. @throws UsageError */
export function parseHex(text: string): Buffer {
  const digits = text.replace(/\s+/g, '');
  if (/^(?:[0-9a-f]{2})*$/i.test(digits)) return Buffer.from(digits, 'hex');
  throw new UsageError(`not hexadecimal: '${text.slice(0, 40)}'; write two digits for each byte`);
}

/** The bytes of a file, or of standard input for `-`. */
export function openInput(path: string): Readable {
  return path === STANDARD_INPUT ? process.stdin : createReadStream(path);
}

/** The whole content of a file, or of standard input for `-`. */
export async function readInput(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of openInput(path)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
