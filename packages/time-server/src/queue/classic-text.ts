import { ASCTIME_BYTES } from '@timeq/time-protocol';

const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d -?\d{4,}$/;

const LONGEST = ASCTIME_BYTES + 8;

/** Whether a message tells the time as C's asctime does: other programs' messages may have a process's type as well. */
export function isClassicText(body: Uint8Array): boolean {
  if (body.length < ASCTIME_BYTES || body.length > LONGEST) return false;
  return ASCTIME.test(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'));
}
