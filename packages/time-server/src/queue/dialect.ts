import type { MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY } from '@timeq/time-protocol';
import { endianness } from 'node:os';

/** Where classic requests are answered: all at type 3, or each at the pid in its body plus 3. */
export type ReplyStyle = 'shared' | 'pid+3';

/** The way in which classic clients are answered. */
export interface Dialect {
  readonly style: ReplyStyle;
  /** The type to answer a classic request at. */
  replyType(body: Uint8Array): number;
  /** Whether a message of this type can be a reply to a classic request. */
  isReplyType(type: MessageType): boolean;
}

/** The largest pid that Linux gives out: PID_MAX_LIMIT of include/linux/threads.h. */
const MAX_PID = 4_194_304;

const shared: Dialect = {
  style: 'shared',
  replyType: () => CLASSIC_REPLY,
  isReplyType: (type) => type === CLASSIC_REPLY,
};

const pidPlusThree: Dialect = {
  style: 'pid+3',
  replyType: (body) => CLASSIC_REPLY + (readPid(body) ?? 0),
  isReplyType: (type) => type >= CLASSIC_REPLY && type <= CLASSIC_REPLY + MAX_PID,
};

/** The dialect by its name. */
export function dialectOf(style: ReplyStyle): Dialect {
  return style === 'shared' ? shared : pidPlusThree;
}

const DECIMAL_PID = /^[ \t]*([1-9][0-9]{0,6})[ \t\r\n]*$/;

/**
 * The pid in a body: a native `int` or `long` as C programs send it, or decimal text, which a NUL may end as in a C string.
 * Text of four or more digits is no integer by accident: read as one it is larger than any pid.
 */
function readPid(body: Uint8Array): number | undefined {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return asPid(readInteger(bytes)) ?? asPid(readDecimal(bytes));
}

function asPid(number: number | undefined): number | undefined {
  return number !== undefined && number >= 1 && number <= MAX_PID ? number : undefined;
}

function readDecimal(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(0);
  const text = bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
  const match = DECIMAL_PID.exec(text);
  return match === null ? undefined : Number(match[1]);
}

function readInteger(bytes: Buffer): number | undefined {
  const little = endianness() === 'LE';
  if (bytes.length === 4) return little ? bytes.readInt32LE() : bytes.readInt32BE();
  if (bytes.length === 8) return Number(little ? bytes.readBigInt64LE() : bytes.readBigInt64BE());
  return undefined;
}
