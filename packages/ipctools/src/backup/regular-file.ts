import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { Failure } from '../failure.js';

/** More than all queues of a machine with the usual limits hold, and less than Node reads at once (2 GiB). */
const LARGEST = 2 ** 30;

/** A file's bytes; never those of a pipe, a device or a folder. @throws Failure; the errors of open(2) and read(2) */
export function readRegularFile(path: string): Buffer {
  // Without O_NONBLOCK, opening a pipe without a writer would block.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Failure(`${path} is not a regular file; nothing done`);
    if (stats.size > LARGEST)
      throw new Failure(`${path} has ${stats.size} bytes; a backup has at most ${LARGEST}`);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
