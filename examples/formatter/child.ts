/** The child of `formatter`: wraps each line of its input, until the input ends. */
import { createInterface } from 'node:readline';

for await (const line of createInterface({ input: process.stdin })) console.log(`Ni! ${line} Ni!`);
