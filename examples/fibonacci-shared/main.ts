/**
 * fibonacci-shared: a child process writes the Fibonacci sequence into shared memory, and its parent prints it
 * Mechanism: shared memory
 * Start: npm run example fibonacci-shared 5
 *
 * Both processes see the same bytes: nothing is sent, and nothing is copied. What shared memory does not have is a way to
 * say "it is done"; here the child's end says it.
 */
import { SharedMemory } from '@timeq/mq-native';
import { parseLastIndex } from '../fibonacci/last-index.js';
import { startChild, untilDone } from '../parts/child.js';
import { Misuse, prepareProgram } from '../parts/program.js';
import { removeAtExit } from '../parts/remove-at-exit.js';

/** The index of the largest Fibonacci number that fits into 64 bits. */
const MOST = 93;

prepareProgram();
const [index, ...others] = process.argv.slice(2);
const last = parseLastIndex(index, MOST);
if (others.length > 0) throw new Misuse('Give one integer, and nothing else.');

const bytes = (last + 1) * BigUint64Array.BYTES_PER_ELEMENT;
const segment = removeAtExit(SharedMemory.createPrivate({ bytes }));
const child = startChild(new URL('./child.js', import.meta.url), [segment.id, last]);
await untilDone(child);

using attachment = segment.attach({ readOnly: true });
const sequence = attachment.view(BigUint64Array, { length: last + 1 });
console.log(`parent (pid ${process.pid}): ${[...sequence].join(', ')}`);
