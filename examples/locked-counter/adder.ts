/** A child of `locked-counter`: adds 1 to every cell, as many times as it is told. */
import { setTimeout as pause } from 'node:timers/promises';
import { EventFlag, Lock, SharedMemory } from '@timeq/mq-native';
import { endWithParent, sayReady } from '../parts/child.js';

endWithParent();
const [segmentId, lockId, startId, length, rounds] = process.argv.slice(2, 7).map(Number) as [
  segmentId: number,
  lockId: number,
  startId: number,
  length: number,
  rounds: number,
];
const locked = process.argv[7] === 'lock';

using segment = SharedMemory.fromId(segmentId);
using lock = Lock.fromId(lockId);
using start = EventFlag.fromId(startId);
const cells = segment.view(Uint32Array, { length });

sayReady();
await start.wait();
for (let round = 0; round < rounds; round++) {
  // Released at the end of the block, even after an error, or by the kernel if this process is killed.
  using held = locked ? await lock.acquire() : undefined;
  if (held?.formerHolderDied === true)
    throw new Error('another adder died half-way: the cells can not be trusted');
  const sums = cells.map((cell) => cell + 1);
  // Simulates a slow computation.
  await pause(1);
  cells.set(sums);
}
