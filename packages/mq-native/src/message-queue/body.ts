import { typeError } from '../errors/argument-error.js';

/** A body to send: bytes, or a string that is sent as UTF-8. */
export type Body = Uint8Array | string;

/** @throws TypeError for anything else; numbers and objects have no one way to be bytes */
export function checkBody(body: Body, name = 'body'): Body {
  return body instanceof Uint8Array ? body : checkString(body, name);
}

function checkString(body: string, name: string): string {
  if (typeof body !== 'string') throw typeError(name, 'a Uint8Array (a Buffer is one) or a string', body);
  return body;
}

/** Size in bytes. */
export function bodySize(body: Body): number {
  return typeof body === 'string' ? Buffer.byteLength(body, 'utf8') : body.byteLength;
}

/** The same bytes, whatever the caller does with the body from now on. */
export function keepBody(body: Body): Body {
  return typeof body === 'string' ? body : Buffer.from(body);
}
