import { parseInteger } from '../parts/integer.js';
import { Misuse } from '../parts/program.js';

/**
 * How many numbers the command line asks for.
 * @throws Misuse
 */
export function parseCount(programArguments: readonly string[], most: number): number {
  const [text, ...others] = programArguments;
  if (text === undefined || others.length > 0) {
    throw new Misuse('How many numbers? Give one integer, such as 10.');
  }
  const count = parseInteger(text);
  if (count === undefined) throw new Misuse(`"${text}" is not an integer. Give one from 0 to ${most}.`);
  if (count < 0) throw new Misuse(`${count} is negative. Give an integer from 0 to ${most}.`);
  if (count > most) throw new Misuse(`${count} is too many. Give an integer from 0 to ${most}.`);
  return count;
}
