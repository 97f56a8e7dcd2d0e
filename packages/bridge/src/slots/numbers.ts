import { LITTLE_ENDIAN } from '@timeq/mq-native/message-slots';

/** Numbers of 64 bits in a segment: exact up to 2^53, which neither sequences nor generations reach. */
export function readNumber(view: DataView, at: number): number {
  return Number(view.getBigInt64(at, LITTLE_ENDIAN));
}

export function writeNumber(view: DataView, at: number, value: number): void {
  view.setBigInt64(at, BigInt(value), LITTLE_ENDIAN);
}

const TEXT_HEAD = 2;

/** A text with its length in front. */
export function readText(view: DataView, at: number, room: number): string {
  const length = Math.min(view.getUint16(at, LITTLE_ENDIAN), room - TEXT_HEAD);
  return Buffer.from(view.buffer, view.byteOffset + at + TEXT_HEAD, length).toString();
}

/** @throws RangeError if it has no room */
export function writeText(view: DataView, at: number, room: number, text: string): void {
  const bytes = Buffer.from(text);
  if (bytes.length > room - TEXT_HEAD)
    throw new RangeError(`'${text}' is longer than ${room - TEXT_HEAD} bytes`);
  view.setUint16(at, bytes.length, LITTLE_ENDIAN);
  bytes.copy(Buffer.from(view.buffer, view.byteOffset + at + TEXT_HEAD, bytes.length));
}
