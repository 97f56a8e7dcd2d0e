/** The child of `shared-values`: changes the values in the segment whose id is on its command line. */
import { SharedMemory } from '@timeq/mq-native';
import { endWithParent } from '../parts/child.js';
import { valuesIn } from './layout.js';

endWithParent();
using segment = SharedMemory.fromId(Number(process.argv[2]));
const { number, integers } = valuesIn(segment);
number[0] = Math.PI;
for (const [index, integer] of integers.entries()) integers[index] = -integer;
