import { checkBoolean, checkInteger, rangeError, typeError } from '../errors/argument-error.js';
import { checkExceptedType, checkSelectedType, type MessageType } from './message-type.js';
import { MSG_NOERROR, MSG_EXCEPT } from '../native.js';

/** Which messages to take. Source: msgrcv(2). */
export interface Selection {
  /** 0 or none: the first message of any type; n: the first of type n; -n: the first of the lowest type up to n. */
  readonly type?: MessageType | undefined;
  /** The first message of any type but this one (MSG_EXCEPT, Linux). Not together with `type`. */
  readonly except?: MessageType | undefined;
}

/** What to receive. */
export interface ReceiveOptions extends Selection {
  /** Longest body to take, in bytes; no limit if not given. A longer one stays in the queue and is an E2BIG error. */
  readonly maxBytes?: number | undefined;
  /** Take a longer body as well, and drop the part beyond maxBytes (MSG_NOERROR). */
  readonly truncate?: boolean | undefined;
  /**
   * Whether the kernel may hand the message to a waiting thread, before the event loop asks for it; the handle's
   * setting if not given, which is true by default. With false, the wait keeps no place in the kernel's queue of
   * receivers: the message stays in the queue until the event loop takes it, unless another process takes it first.
   */
  readonly handOver?: boolean | undefined;
}

/** A selection as msgrcv takes it. */
export interface CheckedSelection {
  readonly type: MessageType;
  /** 0 or MSG_EXCEPT. */
  readonly flags: number;
}

/** A receive as msgrcv takes it. */
export interface CheckedReceive extends CheckedSelection {
  readonly maxBytes: number | undefined;
  /** MSG_NOERROR if a longer body may be cut to maxBytes, otherwise 0. */
  readonly cut: number;
  /** Whether a waiting thread may be handed the message; undefined: the handle's setting. */
  readonly handOver: boolean | undefined;
}

const ANY: CheckedReceive = { type: 0, flags: 0, maxBytes: undefined, cut: 0, handOver: undefined };
const LARGEST_BODY = 2 ** 31 - 1;

/** @throws TypeError, RangeError */
export function checkSelection(options: Selection): CheckedSelection {
  if (options.except === undefined) {
    return options.type === undefined ? ANY : { type: checkSelectedType(options.type), flags: 0 };
  }
  if (options.type !== undefined) {
    throw rangeError('except', 'given without "type": they exclude one another', options.except);
  }
  return { type: checkExceptedType(options.except), flags: MSG_EXCEPT };
}

/** @throws TypeError, RangeError */
export function checkReceive(options: ReceiveOptions | undefined): CheckedReceive {
  return options === undefined ? ANY : checkGiven(options);
}

function checkGiven(options: ReceiveOptions): CheckedReceive {
  if (typeof options !== 'object' || options === null) throw typeError('options', 'an object', options);
  const { type, maxBytes, truncate, handOver } = options;
  if (maxBytes !== undefined) checkInteger('maxBytes', maxBytes, 0, LARGEST_BODY);
  const cut = truncate === true && maxBytes !== undefined ? MSG_NOERROR : 0;
  if (handOver !== undefined) checkBoolean('handOver', handOver);
  if (options.except !== undefined) return { ...checkSelection(options), maxBytes, cut, handOver };
  return { type: type === undefined ? 0 : checkSelectedType(type), flags: 0, maxBytes, cut, handOver };
}
