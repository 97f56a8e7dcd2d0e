/**
 * fibonacci-shared: a child process writes the Fibonacci sequence into shared memory, and its parent prints it
 * Mechanism: shared memory
 * Start: npm run example fibonacci-shared 10
 *
 * Both processes see the same bytes: nothing is sent, and nothing is copied. What shared memory does not have is a way to
 * say "it is done"; here the child's end says it.
 */
import { SharedMemory } from '@timeq/mq-native';
import { parseCount } from '../fibonacci/count.js';
import { startChild, untilDone } from '../parts/child.js';
import { prepareProgram } from '../parts/program.js';
import { removeAtExit } from '../parts/remove-at-exit.js';

/** The 95th does not fit into 64 bits. */
const MOST = 94;

prepareProgram();
const count = parseCount(process.argv.slice(2), MOST);

// There is no segment of 0 bytes.
const bytes = Math.max(count, 1) * BigUint64Array.BYTES_PER_ELEMENT;
const segment = removeAtExit(SharedMemory.createPrivate({ bytes }));
const child = startChild(new URL('./child.js', import.meta.url), [segment.id, count]);
await untilDone(child);

using attachment = segment.attach({ readOnly: true });
const sequence = attachment.view(BigUint64Array, { length: count });
console.log(`parent (pid ${process.pid}): ${count === 0 ? 'nothing' : [...sequence].join(', ')}`);
