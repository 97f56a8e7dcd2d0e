import { InvalidArgumentError } from 'commander';

const INTEGER = /^(-?)(0[xX][0-9a-fA-F]+|[0-9]+)$/;

/** A key in decimal, or in hexadecimal after 0x; a negative one is the key of the same 32 bits. Unsigned. */
export function parseKey(text: string): number {
  const match = INTEGER.exec(text);
  const key = match === null ? NaN : Number(match[2]) * (match[1] === '-' ? -1 : 1);
  if (!Number.isInteger(key) || key < -(2 ** 31) || key >= 2 ** 32) {
    throw new InvalidArgumentError('A key is a number of 32 bits, such as 128 or 0x80.');
  }
  if (key === 0) {
    throw new InvalidArgumentError('At key 0 (IPC_PRIVATE) no client would find the queue: choose another.');
  }
  return key >>> 0;
}

/** Permission bits in octal, with or without a leading 0 or 0o. */
export function parseMode(text: string): number {
  if (!/^(?:0o)?[0-7]{1,4}$/.test(text) || Number.parseInt(text.replace('0o', ''), 8) > 0o777) {
    throw new InvalidArgumentError('A mode is octal, from 0 to 0777, such as 0600.');
  }
  return Number.parseInt(text.replace('0o', ''), 8);
}

/** The number that ftok mixes into a key: its lowest 8 bits, and not 0 (ftok(3)). */
export function parseProjectId(text: string): number {
  const id = INTEGER.test(text) ? Number(text) : NaN;
  if (!(id >= 1 && id <= 255)) throw new InvalidArgumentError('A project id is a number from 1 to 255.');
  return id;
}
