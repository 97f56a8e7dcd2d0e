/** The child of `formatter`: wraps each line of its input, until the input ends; an empty one it answers with an error. */
import { createInterface } from 'node:readline';
import { formatted, NOTHING_TO_FORMAT } from './answers.js';

for await (const line of createInterface({ input: process.stdin })) {
  console.log(line === '' ? NOTHING_TO_FORMAT : formatted(line));
}
