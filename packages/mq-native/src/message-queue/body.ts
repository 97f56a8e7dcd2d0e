import { types } from 'node:util';
import { typeError } from '../errors/argument-error.js';

/** A body to send: bytes, or a string that is sent as UTF-8. */
export type Body = Uint8Array | string;

/** Tested by its class and not its prototype: a Uint8Array of another realm (Jest runs tests in one) is one, too. */
export const { isUint8Array } = types;

/** The real length of a Uint8Array: a subclass may report another. */
// oxlint-disable-next-line typescript/unbound-method
const { get: lengthOf } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  'length',
) as { get(this: Uint8Array): number };

/** @throws TypeError for anything else: numbers and objects have no single form in bytes */
export function checkBody(body: Body, name = 'body'): Body {
  return isUint8Array(body) ? body : checkString(body, name);
}

function checkString(body: string, name: string): string {
  if (typeof body !== 'string') throw typeError(name, 'a Uint8Array (a Buffer is one) or a string', body);
  return body;
}

export function bodySize(body: Body): number {
  return typeof body === 'string' ? Buffer.byteLength(body, 'utf8') : byteCount(body);
}

/** Size in bytes of a body that is no string. */
export function byteCount(body: Uint8Array): number {
  return lengthOf.call(body);
}

/** A copy of the bytes, which later changes by the caller do not reach. */
export function keepBody(body: Body): Body {
  // Not Buffer.from, which trusts the length that a subclass reports.
  return typeof body === 'string' ? body : new Uint8Array(body);
}

/** A copy in an ArrayBuffer of its own. Node's other ways to copy put short bodies into a pool. */
export function ownBody(body: Uint8Array): Buffer {
  const own = Buffer.allocUnsafeSlow(body.byteLength);
  own.set(body);
  return own;
}
