/** A System V message type: a C `long`. A number when it is a safe integer, otherwise a bigint. */
export type MessageType = number | bigint;

/** The default key of servers and clients. */
export const DEFAULT_KEY = 128;

/** Client to server: what is the time? The body is an addressed request (see `parseRequest`) or anything at all. */
export const REQUEST = 1;

/** Client to server: answer what is waiting, remove the queue and exit. The body does not matter. */
export const STOP = 2;

/** Server to the client that takes it first: the reply to a classic request, 24 bytes as C's `asctime` writes them. */
export const CLASSIC_REPLY = 3;

/** The lowest type for addressed replies: above all types that are shared. */
export const FIRST_ADDRESSED_TYPE = 2n ** 32n;

const FIRST_ADDRESSED = Number(FIRST_ADDRESSED_TYPE);

/** The highest message type: `LONG_MAX` with a `long` of 64 bits. */
export const LAST_ADDRESSED_TYPE = 2n ** 63n - 1n;

/**
 * The message type in its usual form: a number when it is a safe integer, otherwise a bigint.
 * @throws {RangeError} when a number is not a safe integer: it may have lost digits already
 */
export function normalizeType(type: MessageType): MessageType {
  if (typeof type === 'number') {
    if (!Number.isSafeInteger(type)) throw new RangeError(`message type ${type} is not a safe integer`);
    return type;
  }
  const narrow = Number(type);
  return Number.isSafeInteger(narrow) ? narrow : type;
}

/** Whether a reply can be addressed to this type. */
export function isAddressedType(type: MessageType): boolean {
  // Comparing a number with a bigint takes longer than the rest of a request.
  if (typeof type === 'number') return type >= FIRST_ADDRESSED && Number.isSafeInteger(type);
  return type >= FIRST_ADDRESSED_TYPE && type <= LAST_ADDRESSED_TYPE;
}

/**
 * Draws the type at which a client is answered. Always a safe integer, so that it is a plain number for every peer that
 * reads the request.
 */
export function drawReplyType(): number {
  // Each reader of the queue sees it, so it need not be a secret; loading node:crypto takes 3 ms.
  return FIRST_ADDRESSED + Math.floor(Math.random() * (Number.MAX_SAFE_INTEGER + 1 - FIRST_ADDRESSED));
}
