import { parseInteger } from '../parts/integer.js';
import { Misuse } from '../parts/program.js';

/**
 * The index of the last number that the command line asks for: the sequence begins with number 0.
 * @throws Misuse
 */
export function parseLastIndex(text: string | undefined, most: number): number {
  if (text === undefined) {
    throw new Misuse('Up to which number of the sequence? Give its index, such as 10.');
  }
  const index = parseInteger(text);
  if (index === undefined) throw new Misuse(`"${text}" is not an integer. Give one from 0 to ${most}.`);
  if (index < 0) throw new Misuse(`${index} is negative. Give an integer from 0 to ${most}.`);
  if (index > most) throw new Misuse(`${index} is too large. Give an integer from 0 to ${most}.`);
  return index;
}
