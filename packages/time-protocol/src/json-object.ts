const OPENING_BRACE = 0x7b;
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The fields of a body that is one JSON object in UTF-8; undefined for everything else. Never throws. */
export function parseJsonObject(body: Uint8Array): Record<string, unknown> | undefined {
  if (!opensObject(body)) return undefined;
  try {
    return JSON.parse(utf8.decode(body)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** Spares the decoder and the parser the many classic bodies that cannot be an object. */
function opensObject(body: Uint8Array): boolean {
  for (const byte of body) {
    if (!WHITE_SPACE.has(byte)) return byte === OPENING_BRACE;
  }
  return false;
}
