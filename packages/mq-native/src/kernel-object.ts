import { checkInteger } from './errors/argument-error.js';
import type { Call } from './errors/call.js';
import { EACCES, EIDRM, EINVAL } from './errors/errno.js';
import { GoneError, IpcError } from './errors/ipc-error.js';
import { checkMode } from './mode.js';
import { fields, native, type ObjectKind } from './native.js';
import type { OwnershipOptions } from './ownership.js';

// What queues, semaphore sets and segments have in common.

const LARGEST_ID = 2 ** 31 - 1;
const LARGEST_USER = 2 ** 32 - 1;

export function checkId(id: number): number {
  return checkInteger('id', id, 0, LARGEST_ID);
}

/** Reads an object's entry into the fields, where possible also without permission to read it. @returns 0 or -errno */
export function readStat(kind: ObjectKind, id: number): number {
  const result = native.objectStat(kind, id, 0);
  return result === -EACCES && native.objectStat(kind, id, 1) === 0 ? 0 : result;
}

/** Writes owner, group and mode into the fields: those that are given, and the others as they were. */
export function writeOwnership(
  options: OwnershipOptions,
  before: { readonly uid: number; readonly gid: number; readonly mode: number },
): void {
  const uid = checkInteger('uid', options.uid ?? before.uid, 0, LARGEST_USER);
  const gid = checkInteger('gid', options.gid ?? before.gid, 0, LARGEST_USER);
  fields.set([uid, gid, checkMode(options.mode ?? before.mode)]);
}

/** The error for a failed call on an object; `result` is -errno. */
export function objectError(kind: ObjectKind, id: number, result: number, call: Call): IpcError {
  const gone = result === -EIDRM || (result === -EINVAL && readStat(kind, id) === -EINVAL);
  return gone ? new GoneError(EIDRM, call) : new IpcError(-result, call);
}
