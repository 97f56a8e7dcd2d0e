import { isUtf8 } from 'node:buffer';

const OPENING_BRACE = 0x7b;
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** The fields of a body that is one JSON object in UTF-8; undefined for every other body. Never throws. */
export function parseJsonObject(body: Uint8Array): Record<string, unknown> | undefined {
  if (!opensObject(body) || !isUtf8(body)) return undefined;
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  try {
    return JSON.parse(bytes.toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Saves decoding and parsing of the many classic bodies that can't be an object. */
function opensObject(body: Uint8Array): boolean {
  for (const byte of body) {
    if (!WHITE_SPACE.has(byte)) return byte === OPENING_BRACE;
  }
  return false;
}
