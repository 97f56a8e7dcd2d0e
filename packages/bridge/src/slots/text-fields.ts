import { LITTLE_ENDIAN } from '@timeq/mq-native/message-slots';

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
