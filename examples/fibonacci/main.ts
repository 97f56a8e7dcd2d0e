/**
 * fibonacci: a child process computes the Fibonacci sequence and prints it, and its parent waits for it
 * Mechanism: child process (arguments in, exit code out)
 * Start: npm run example fibonacci 5, or with seconds that the child then sleeps for: npm run example fibonacci 5 30
 *
 * The least that two processes can exchange: the parent passes the index of the last number on the command line (5 asks
 * for the first six, since the sequence begins with number 0), and learns from the exit code how it went. Everything else
 * of the child's stays its own. While the child sleeps, "ps ax" in another terminal shows both processes.
 */
import { untilDone, startChild } from '../parts/child.js';
import { parseInteger } from '../parts/integer.js';
import { Misuse, prepareProgram } from '../parts/program.js';
import { parseLastIndex } from './last-index.js';

const LONGEST_SLEEP = 3600;

prepareProgram();
const [index, seconds = '0', ...others] = process.argv.slice(2);
const last = parseLastIndex(index, 1000);
const sleep = parseInteger(seconds);
if (sleep === undefined || sleep < 0 || sleep > LONGEST_SLEEP || others.length > 0) {
  throw new Misuse(
    `After the index come the child's seconds of sleep and nothing else: 0 to ${LONGEST_SLEEP}.`,
  );
}
const child = startChild(new URL('./child.js', import.meta.url), [last, sleep]);
await untilDone(child);
console.log(`parent (pid ${process.pid}): the child (pid ${child.pid}) has ended`);
