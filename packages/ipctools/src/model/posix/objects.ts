import { isUtf8 } from 'node:buffer';
import { closeSync, constants, lstatSync, opendirSync, openSync, readSync, type BigIntStats } from 'node:fs';
import { posixQueueAttributes, type PosixQueueAttributes } from '@timeq/mq-native/posix-queue';
import { codeOf, isDenied } from '../../failure.js';
import { findPlaces, type AccessTimes, type Place, type Places } from './places.js';

export const POSIX_KINDS = ['posix queue', 'posix memory', 'posix semaphore'] as const;
export type PosixKind = (typeof POSIX_KINDS)[number];

/** A POSIX object, as it was when it was read. */
export interface PosixObject {
  readonly kind: PosixKind;
  /** `/name`. Bytes that are not UTF-8 are written as `\xff`. */
  readonly name: string;
  /** Its file. */
  readonly path: Buffer;
  readonly device: bigint;
  readonly inode: bigint;
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  /** How many names its file has. */
  readonly links: number;
  /** Of shared memory and semaphores, in bytes. */
  readonly size: number;
  /** Bytes of memory that the file takes. */
  readonly allocated: number;
  /** Seconds since the epoch: of queues the last send or receive, otherwise the last write that the kernel saw. */
  readonly modifyTime: number;
  /** The last use that the kernel recorded. */
  readonly useTime: number;
  readonly accessTimes: AccessTimes;
}

/** `posix queue /name` */
export function namePosix({ kind, name }: Pick<PosixObject, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** The prefix of a semaphore's file in glibc: sem_overview(7). */
export const SEMAPHORE_PREFIX = 'sem.';

/** A file's name, as text: bytes that are not UTF-8 are written as `\xff`. */
function textOf(name: Buffer): string {
  if (isUtf8(name)) return name.toString('utf8');
  return name
    .toString('latin1')
    .replace(/[\u0080-\u00ff]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
}

/** The time of a file, in whole seconds. */
function seconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000_000n);
}

function objectIn(file: Buffer, { folder, accessTimes }: Place, isQueue: boolean): PosixObject | undefined {
  const path = Buffer.concat([Buffer.from(`${folder}/`), file]);
  let stats: BigIntStats | undefined;
  try {
    stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
  // Another process removed it meanwhile; or it is a folder or a link, which is no object.
  if (stats === undefined || !stats.isFile()) return undefined;
  const isSemaphore = !isQueue && file.toString('latin1').startsWith(SEMAPHORE_PREFIX);
  const modifyTime = seconds(stats.mtimeNs);
  return {
    kind: isQueue ? 'posix queue' : isSemaphore ? 'posix semaphore' : 'posix memory',
    name: `/${textOf(isSemaphore ? file.subarray(SEMAPHORE_PREFIX.length) : file)}`,
    path,
    device: stats.dev,
    inode: stats.ino,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mode: Number(stats.mode & 0o777n),
    links: Number(stats.nlink),
    size: isQueue ? 0 : Number(stats.size),
    allocated: isQueue ? 0 : Number(stats.blocks) * 512,
    modifyTime,
    // To read how much a queue holds changes its other times (ipc/mqueue.c).
    useTime: isQueue ? modifyTime : Math.max(modifyTime, seconds(stats.atimeNs), seconds(stats.ctimeNs)),
    accessTimes: isQueue ? 'exact' : accessTimes,
  };
}

/** The objects at a place, in the order in which the kernel lists them. */
export function objectsAt(place: Place, isQueue: boolean): PosixObject[] {
  const folder = opendirSync(place.folder, { encoding: 'buffer' as BufferEncoding });
  try {
    const objects: PosixObject[] = [];
    for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
      const object = objectIn(entry.name as unknown as Buffer, place, isQueue);
      if (object !== undefined) objects.push(object);
    }
    return objects;
  } finally {
    folder.closeSync();
  }
}

/** Every POSIX object that the places show, by kind and name. */
export function listPosix({ queues, memory }: Places = findPlaces()): PosixObject[] {
  const objects = [
    ...(typeof queues === 'string' ? [] : objectsAt(queues, true)),
    ...(typeof memory === 'string' ? [] : objectsAt(memory, false)),
  ];
  return objects.toSorted(
    (a, b) => POSIX_KINDS.indexOf(a.kind) - POSIX_KINDS.indexOf(b.kind) || a.path.compare(b.path),
  );
}

/** The object as it is now; undefined if it is gone, or if another one has its name. */
export function lookAgainAt(object: PosixObject): PosixObject | undefined {
  const slash = object.path.lastIndexOf('/');
  const place: Place = { folder: object.path.toString('latin1', 0, slash), accessTimes: object.accessTimes };
  const now = objectIn(object.path.subarray(slash + 1), place, object.kind === 'posix queue');
  return now?.inode === object.inode && now.device === object.device ? now : undefined;
}

/** How much a queue takes and holds; undefined where this user may not know. */
export interface QueueContents extends PosixQueueAttributes {
  /** Of all bodies; undefined without permission to read. */
  readonly bytes: number | undefined;
  /** The process that asked to be notified of the next message (mq_notify(3)); 0 for none. */
  readonly notifies: number | undefined;
}

function openQueue(path: Buffer, flags: number): number | undefined {
  try {
    return openSync(path, flags | constants.O_NONBLOCK);
  } catch (error) {
    if (isDenied(error) || codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** What a queue holds, without taking any of it; undefined without permission, and for other objects. */
export function readQueueContents({ kind, path }: PosixObject): QueueContents | undefined {
  if (kind !== 'posix queue') return undefined;
  const readable = openQueue(path, constants.O_RDONLY);
  const fd = readable ?? openQueue(path, constants.O_WRONLY);
  if (fd === undefined) return undefined;
  try {
    const attributes = posixQueueAttributes(fd);
    const text = Buffer.alloc(256);
    const length = readable === undefined ? 0 : readSync(fd, text, 0, text.length, 0);
    // "QSIZE:129        NOTIFY:2     SIGNO:0     NOTIFY_PID:8260" (mq_overview(7))
    const [, bytes, notifies] =
      /^QSIZE:(\d+).*NOTIFY_PID:(\d+)/.exec(text.toString('latin1', 0, length)) ?? [];
    return {
      ...attributes,
      bytes: bytes === undefined ? undefined : Number(bytes),
      notifies: notifies === undefined ? undefined : Number(notifies),
    };
  } finally {
    closeSync(fd);
  }
}

/** The value of a semaphore, and how many threads wait for it. */
export interface SemaphoreContents {
  readonly value: number;
  readonly waiting: number;
}

/** Of a semaphore of 64-bit glibc (struct new_sem in its internaltypes.h): FUTEX_SHARED at `private`. */
const SEMAPHORE_BYTES = 32;
const PRIVATE_AT = 8;
const SHARED = 128;

/**
 * The value of a semaphore of 64-bit glibc on a little-endian machine; undefined for others, and where to read it would
 * count as a use (O_NOATIME takes the file's owner or CAP_FOWNER), unless that is wanted.
 */
export function readSemaphore(
  { kind, path, size }: PosixObject,
  { asUse = false } = {},
): SemaphoreContents | undefined {
  if (
    kind !== 'posix semaphore' ||
    size !== SEMAPHORE_BYTES ||
    new Uint8Array(new Uint16Array([1]).buffer)[0] !== 1
  )
    return undefined;
  const bytes =
    readBytes(path, SEMAPHORE_BYTES, constants.O_NOATIME ?? 0) ??
    (asUse ? readBytes(path, SEMAPHORE_BYTES, 0) : undefined);
  if (bytes?.readUInt32LE(PRIVATE_AT) !== SHARED) return undefined;
  return { value: bytes.readUInt32LE(0), waiting: bytes.readUInt32LE(4) };
}

function readBytes(path: Buffer, length: number, flags: number): Buffer | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | flags);
  } catch (error) {
    if (isDenied(error) || codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(length);
    return readSync(fd, bytes, 0, length, 0) === length ? bytes : undefined;
  } finally {
    closeSync(fd);
  }
}
