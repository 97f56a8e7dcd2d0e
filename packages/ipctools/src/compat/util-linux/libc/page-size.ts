import { readFileSync } from 'node:fs';

/** getauxval(3)'s name for the page size. */
const AT_PAGESZ = 6;

/** Bytes of a memory page, from the vector that the kernel hands to every process; 4096 where /proc is not mounted. */
export function pageSize(): number {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(readFileSync('/proc/self/auxv'));
  } catch {
    return 4096;
  }
  // Pairs of C longs, in the machine's own order.
  const is32Bit = ['arm', 'ia32', 'mips', 'mipsel', 'ppc'].includes(process.arch);
  const words = is32Bit ? new Uint32Array(bytes.buffer) : new BigUint64Array(bytes.buffer);
  for (let at = 0; at + 1 < words.length; at += 2) {
    if (Number(words[at]) === AT_PAGESZ) return Number(words[at + 1]);
  }
  return 4096;
}
