/**
 * shared-values: a double and an array of integers are changed by another process
 * Mechanism: shared memory
 * Start: npm run example shared-values
 *
 * The views are typed arrays on the segment itself: a plain assignment in one process is seen by the other.
 */
import { SharedMemory } from '@timeq/mq-native';
import { startChild, untilDone } from '../parts/child.js';
import { prepareProgram } from '../parts/program.js';
import { removeAtExit } from '../parts/remove-at-exit.js';
import { describe, SEGMENT_BYTES, valuesIn } from './layout.js';

prepareProgram();
using segment = removeAtExit(SharedMemory.createPrivate({ bytes: SEGMENT_BYTES }));
const values = valuesIn(segment);
values.integers.set(values.integers.map((_, index) => index));
console.log(`before: ${describe(values)}`);

await untilDone(startChild(new URL('./child.js', import.meta.url), [segment.id]));
console.log(`after:  ${describe(values)}`);
