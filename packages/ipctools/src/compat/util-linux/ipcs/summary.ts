import { MessageQueue, SemaphoreSet, SharedMemory } from '@timeq/mq-native';
import { humanSize, type Unit } from './sizes.js';
import { codeOf } from '../../../failure.js';
import type { Output } from '../output.js';
import type { KindName } from '../../../model/kind-names.js';

/** `ipcs -u`: how much of one kind is in use. */
export function showSummary(kind: KindName, { unit }: { readonly unit: Unit }, output: Output): void {
  const { facility, text } = SUMMARIES[kind];
  try {
    output.write(text(unit));
  } catch (error) {
    if (codeOf(error) !== 'ENOSYS') throw error;
    output.write(`kernel not configured for ${facility}\n`);
  }
}

const SUMMARIES: Readonly<Record<KindName, { facility: string; text: (unit: Unit) => string }>> = {
  queues: {
    facility: 'message queues',
    text: (unit) => {
      const { queues, messages, bytes } = MessageQueue.limits();
      return (
        '------ Messages Status --------\n' +
        `allocated queues = ${queues}\n` +
        `used headers = ${messages}\n` +
        `${usedSpace(bytes, unit)}\n`
      );
    },
  },
  segments: {
    facility: 'shared memory',
    text: () => {
      const { segments, pages, residentPages, swappedPages } = SharedMemory.limits();
      return (
        '------ Shared Memory Status --------\n' +
        `segments allocated ${segments}\n` +
        `pages allocated ${pages}\n` +
        `pages resident  ${residentPages}\n` +
        `pages swapped   ${swappedPages}\n` +
        // Linux has not counted these since 2.4.
        'Swap performance: 0 attempts\t 0 successes\n'
      );
    },
  },
  semaphores: {
    facility: 'semaphores',
    text: () => {
      const { sets, semaphores } = SemaphoreSet.limits();
      return `------ Semaphore Status --------\nused arrays = ${sets}\nallocated semaphores = ${semaphores}\n`;
    },
  },
};

function usedSpace(bytes: number, unit: Unit): string {
  if (unit === 'human') return `used space = ${humanSize(bytes)}`;
  return unit === 'bytes' ? `used space (bytes) = ${bytes}` : `used space = ${bytes} bytes`;
}
