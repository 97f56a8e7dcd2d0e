import { UsageError } from './usage-error.js';

/**
 * Reads a whole number, decimal or hexadecimal with `0x`. A leading zero is refused: C reads `0200` as octal, a person
 * does not.
 *
 * @returns undefined where `text` is no such number
 */
export function readInteger(text: string): number | undefined {
  return /^-?(0x[0-9a-f]+|0|[1-9]\d*)$/i.test(text) ? signed(text) : undefined;
}

/**
 * Reads the whole number that `option` takes.
 *
 * @throws UsageError naming `option` and its range
 */
export function parseInteger(option: string, text: string, lowest: number, highest: number): number {
  const value = readInteger(text);
  if (value === undefined || value < lowest || value > highest) {
    throw new UsageError(
      `${option} needs a whole number from ${lowest} to ${highest}, not ${JSON.stringify(text)}`,
    );
  }
  return value;
}

function signed(text: string): number {
  return text.startsWith('-') ? -Number(text.slice(1)) : Number(text);
}
