import { LITTLE_ENDIAN } from './slot-segment.js';

/** Numbers of 64 bits in a segment: exact up to 2^53, which neither sequences nor generations reach. */
export function readNumber(view: DataView, at: number): number {
  return Number(view.getBigInt64(at, LITTLE_ENDIAN));
}

export function writeNumber(view: DataView, at: number, value: number): void {
  view.setBigInt64(at, BigInt(value), LITTLE_ENDIAN);
}
