import type { SharedMemory } from '@timeq/mq-native';

const INTEGERS = 10;

/** Where in the segment the values are. Both sides have to agree on it: the bytes themselves do not say what they are. */
export function valuesIn(segment: SharedMemory): { number: Float64Array; integers: Int32Array } {
  return {
    number: segment.view(Float64Array, { offset: 0, length: 1 }),
    integers: segment.view(Int32Array, { offset: 8, length: INTEGERS }),
  };
}

export const SEGMENT_BYTES = 8 + INTEGERS * Int32Array.BYTES_PER_ELEMENT;

export function describe({ number, integers }: ReturnType<typeof valuesIn>): string {
  return `number ${number[0]}, integers ${integers.join(' ')}`;
}
