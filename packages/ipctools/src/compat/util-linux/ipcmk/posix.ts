import { createPosixQueue } from '@timeq/mq-native/posix-queue';
import { closeSync, ftruncateSync, linkSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { endianness } from 'node:os';
import { fileNamed, queueNamed } from '../posix-places.js';

// The original opens an object that is there already, shortens shared memory to the size given, and calls it new.

/** An error with a code of errno. */
class NoObject extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

function file(kind: 'posix memory' | 'posix semaphore', name: string): Buffer {
  const path = fileNamed(kind, name);
  if (typeof path === 'string') throw new NoObject(path === 'EISDIR' ? 'EINVAL' : path);
  return path;
}

/** @throws EEXIST and others of node:fs, EINVAL, ENAMETOOLONG */
export function createMemory(name: string, bytes: bigint, mode: number): void {
  // Files have a signed size; node:fs can't ask for one beyond 8 PiB.
  if (bytes >= 2n ** 63n) throw new NoObject('EINVAL');
  if (bytes > Number.MAX_SAFE_INTEGER) throw new NoObject('EFBIG');
  const path = file('posix memory', name);
  const fd = openSync(path, 'wx', mode);
  try {
    ftruncateSync(fd, Number(bytes));
  } catch (error) {
    unlinkSync(path);
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** @throws IpcError EEXIST, EINVAL, EACCES and others */
export function createQueue(name: string, mode: number): void {
  const rest = queueNamed(name);
  if (rest === undefined) throw new NoObject('EINVAL');
  closeSync(createPosixQueue(rest, mode));
}

/** A semaphore of 64-bit glibc with the value 0 (struct new_sem in its internaltypes.h): only FUTEX_SHARED is not 0. */
const SEMAPHORE = Buffer.alloc(32);
SEMAPHORE.writeUInt32LE(128, 8);

/** @throws EEXIST and others of node:fs, EINVAL, ENAMETOOLONG; ENOSYS where semaphores are not those of 64-bit glibc */
export function createSemaphore(name: string, mode: number): void {
  if (!/64/.test(process.arch) || endianness() !== 'LE' || !hasGlibc()) throw new NoObject('ENOSYS');
  const path = file('posix semaphore', name);
  // Whole before it has its name, as glibc does it: sem_open(3) in another process may be waiting for it.
  const scratch = Buffer.concat([
    path.subarray(0, path.lastIndexOf('/') + 1),
    Buffer.from(`sem.${Math.random().toString(36).slice(2)}`),
  ]);
  const fd = openSync(scratch, 'wx', mode);
  try {
    writeSync(fd, SEMAPHORE);
    linkSync(scratch, path);
  } finally {
    closeSync(fd);
    unlinkSync(scratch);
  }
}

function hasGlibc(): boolean {
  // To list the network, too, can take seconds.
  Object.assign(process.report, { excludeNetwork: true });
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return header?.glibcVersionRuntime !== undefined;
}
