/** The child of `reverse`: sends each line of its input back reversed, until the input ends. */
import { createInterface } from 'node:readline';

// By graphemes, which readers see as letters: reversed code units would break é and 👩‍🚀.
const segmenter = new Intl.Segmenter();

for await (const line of createInterface({ input: process.stdin })) {
  const letters = Array.from(segmenter.segment(line), ({ segment }) => segment);
  console.log(letters.toReversed().join(''));
}
