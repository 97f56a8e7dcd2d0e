/**
 * fibonacci: a child process computes the Fibonacci sequence and prints it, and its parent waits for it
 * Mechanism: child process (arguments in, exit code out)
 * Start: npm run example fibonacci 10
 *
 * The least that two processes can exchange: the parent passes the number on the command line, and learns from the exit
 * code how it went. Everything else of the child's stays its own.
 */
import { untilDone, startChild } from '../parts/child.js';
import { prepareProgram } from '../parts/program.js';
import { parseCount } from './count.js';

prepareProgram();
const count = parseCount(process.argv.slice(2), 1000);
const child = startChild(new URL('./child.js', import.meta.url), [count]);
await untilDone(child);
console.log(`parent (pid ${process.pid}): the child (pid ${child.pid}) has ended`);
