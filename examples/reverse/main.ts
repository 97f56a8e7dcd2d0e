/**
 * reverse: you type a phrase, a child process sends it back reversed, until "end"
 * Mechanism: two-way pipe
 * Start: npm run example reverse
 *
 * The child's standard input and output are the pipe: the child knows nothing of it, and any program that reads lines
 * and writes lines could stand in its place. (What Node.js calls a pipe here is a pair of Unix sockets; a shell's `|` is
 * a real one, in one direction.)
 */
import { Terminal } from '../parts/terminal.js';
import { prepareProgram } from '../parts/program.js';
import { LineChild } from '../parts/line-child.js';

prepareProgram();
const reverser = new LineChild(new URL('./child.js', import.meta.url));

using terminal = new Terminal();
for (;;) {
  const phrase = await terminal.ask('A phrase, or end: ');
  if (phrase === undefined || phrase === 'end') break;
  console.log(await reverser.exchange(phrase));
}
await reverser.end();
