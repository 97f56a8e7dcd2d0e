import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { Failure } from '../failure.js';

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

/**
 * The whole content of a file, or of standard input for `-`. An endless one, such as /dev/zero, is not read on.
 * @throws Failure if it is longer than `most` bytes
 */
export async function readInput(path: string, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of openInput(path)) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > most) {
      const name = path === STANDARD_INPUT ? 'standard input' : path;
      throw new Failure(
        `${name} has more than ${most} bytes, too many for a body; send it in parts, such as its --lines, or raise kernel.msgmax`,
      );
    }
  }
  return Buffer.concat(chunks);
}
