import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { pageSize } from '@timeq/mq-native/libc';
import { UINT64_MAX } from '../integer-text.js';
import type { Output } from '../output.js';
import type { KindName } from '../../../model/kind-names.js';
import { sizeLine, type Unit } from './sizes.js';

/** `ipcs -l`: the limits of one kind of objects. */
export function showLimits(kind: KindName, { unit }: { readonly unit: Unit }, output: Output): void {
  output.write(LIMITS[kind](unit));
}

const LIMITS: Readonly<Record<KindName, (unit: Unit) => string>> = {
  queues: (unit) => {
    const limits = MessageQueue.limits();
    const sizes = unit === 'human' ? 'human' : 'bytes';
    return (
      '------ Messages Limits --------\n' +
      `max queues system wide = ${limits.maxQueues}\n` +
      sizeLine('max size of message', BigInt(limits.maxMessageBytes), sizes) +
      sizeLine('default max size of queue', BigInt(limits.maxQueueBytes), sizes)
    );
  },
  segments: (unit) => {
    const limits = SharedMemory.limits();
    const sizes = unit === 'default' ? 'kbytes' : unit;
    const scale = sizes === 'kbytes' ? 1024n : 1n;
    return (
      '------ Shared Memory Limits --------\n' +
      `max number of segments = ${limits.maxSegments}\n` +
      sizeLine('max seg size', limits.maxSegmentBytes / scale, sizes) +
      sizeLine(
        'max total shared memory',
        totalSize(limits.maxTotalPages, BigInt(pageSize()) / scale),
        sizes,
      ) +
      sizeLine('min seg size', BigInt(limits.minSegmentBytes), unit === 'human' ? 'human' : 'bytes')
    );
  },
  semaphores: () => {
    const limits = SemaphoreSet.limits();
    return (
      '------ Semaphore Limits --------\n' +
      `max number of arrays = ${limits.maxSets}\n` +
      `max semaphores per array = ${limits.maxPerSet}\n` +
      `max semaphores system wide = ${limits.maxSemaphores}\n` +
      `max ops per semop call = ${limits.maxOperations}\n` +
      `semaphore max value = ${limits.maxValue}\n`
    );
  },
};

/** Pages times their size; where that is more than 64 bits hold, the largest whole number of pages that they do hold. */
function totalSize(pages: bigint, pageUnits: bigint): bigint {
  const size = pages * pageUnits;
  return size > UINT64_MAX ? UINT64_MAX - (UINT64_MAX % pageUnits) : size;
}
