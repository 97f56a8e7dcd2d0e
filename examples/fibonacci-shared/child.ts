/** The child of `fibonacci-shared`: writes the sequence into the segment whose id is on its command line. */
import { SharedMemory } from '@timeq/mq-native';
import { fibonacci } from '../fibonacci/sequence.js';
import { endWithParent } from '../parts/child.js';

endWithParent();
const [id, last] = process.argv.slice(2).map(Number) as [number, number];
using segment = SharedMemory.fromId(id);
segment.view(BigUint64Array).set([...fibonacci(last)]);
console.log(`child (pid ${process.pid}): has written ${last + 1}`);
