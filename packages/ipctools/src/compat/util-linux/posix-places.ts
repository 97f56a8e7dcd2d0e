import { objectsAt, SEMAPHORE_PREFIX, type PosixKind, type PosixObject } from '../../model/posix/objects.js';
import { findPlaces } from '../../model/posix/places.js';
import { Failure } from './program.js';

/** A POSIX object with its name as util-linux writes it, one character per byte: of queues with a slash. */
export interface Named {
  readonly object: PosixObject;
  readonly name: string;
}

/** The original's sentence, which also fits a folder in which nothing is mounted. */
const NO_MQUEUE =
  "/dev/mqueue does not seem to be mounted. Use 'mount -t mqueue none /dev/mqueue' to mount it.";
const NO_SHM = 'cannot open /dev/shm';

function nameOf({ kind, path }: PosixObject): string {
  const file = path.toString('latin1').slice(path.lastIndexOf('/') + 1);
  if (kind === 'posix queue') return `/${file}`;
  return kind === 'posix semaphore' ? file.slice(SEMAPHORE_PREFIX.length) : file;
}

/** The objects of a kind, in the order of their folder. @throws Failure where they can't be listed */
export function listNamed(kind: PosixKind): Named[] {
  const { queues, memory } = findPlaces();
  const place = kind === 'posix queue' ? queues : memory;
  if (typeof place === 'string') throw new Failure(kind === 'posix queue' ? NO_MQUEUE : NO_SHM);
  return objectsAt(place, kind === 'posix queue')
    .filter((object) => object.kind === kind)
    .map((object) => ({ object, name: nameOf(object) }));
}

/** NAME_MAX of linux/limits.h. */
const LONGEST_NAME = 255;

/**
 * The file of shared memory or of a semaphore, as glibc finds it by its name (shm_open(3), sem_open(3)), or the code of
 * what is wrong with the name. Leading slashes count for nothing.
 * @throws Failure where there is no folder for it
 */
export function fileNamed(kind: 'posix memory' | 'posix semaphore', name: string): Buffer | string {
  const rest = name.replace(/^\/+/, '');
  const file = kind === 'posix semaphore' ? SEMAPHORE_PREFIX + rest : rest;
  if (rest === '' || rest.includes('/')) return 'EINVAL';
  if (file === '.' || file === '..') return 'EISDIR';
  if (file.length > LONGEST_NAME) return 'ENAMETOOLONG';
  const { memory } = findPlaces();
  if (typeof memory === 'string') throw new Failure(NO_SHM);
  return Buffer.concat([Buffer.from(`${memory.folder}/`), Buffer.from(file, 'latin1')]);
}

/** The name of a queue as the system calls take it, without its slash; undefined if it has none. */
export function queueNamed(name: string): string | undefined {
  return name.startsWith('/') ? Buffer.from(name.slice(1), 'latin1').toString('utf8') : undefined;
}
