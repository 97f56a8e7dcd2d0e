import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { createPosixQueue, sendPosixMessage, type PosixMessage } from '@timeq/mq-native/posix-queue';
import { CHECKSUM } from '../backup/format.js';
import { readRegularFile } from '../backup/regular-file.js';
import { codeOf, Failure } from '../failure.js';
import { POSIX_FORMAT, POSIX_VERSION } from './copy-text.js';
import { namePosix, POSIX_KINDS, type PosixKind } from '../model/posix/objects.js';
import type { Places } from '../model/posix/places.js';

/** A POSIX object in a backup. */
export interface PosixCopy {
  readonly kind: PosixKind;
  readonly name: string;
  /** The name of its file. */
  readonly file: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly maxMessages: number;
  readonly maxMessageBytes: number;
  readonly messages: readonly PosixMessage[];
  /** Its bytes, without those that are zero. */
  readonly content: readonly { readonly at: number; readonly bytes: Buffer }[];
}

type Fields = Readonly<Record<string, unknown>>;

function parse(line: string): Fields {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Fields;
  } catch {
    // Told below.
  }
  return {};
}

/** Whether a file says that it is a backup of POSIX objects. */
export function isPosixBackup(path: string): boolean {
  const bytes = readRegularFile(path);
  return parse(bytes.toString('utf8', 0, Math.max(0, bytes.indexOf(10))))['format'] === POSIX_FORMAT;
}

function number(fields: Fields, name: string, otherwise?: number): number {
  const value = fields[name] ?? otherwise;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Failure(`"${name}" must be a whole number`);
}

function readObject(
  value: unknown,
): PosixCopy & { readonly messages: PosixMessage[]; readonly content: { at: number; bytes: Buffer }[] } {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Fields;
  const kind = POSIX_KINDS.find((known) => known === fields['kind']);
  const file = Buffer.from(String(fields['file']), 'base64');
  // No other folder: the file may be a stranger's.
  if (
    kind === undefined ||
    file.length === 0 ||
    file.includes('/') ||
    file.includes(0) ||
    /^\.\.?$/.test(file.toString('latin1'))
  )
    throw new Failure('"object" needs the kind of a POSIX object and the name of its file');
  return {
    kind,
    name: String(fields['name']),
    file,
    mode: number(fields, 'mode') & 0o777,
    uid: number(fields, 'ownerUid'),
    gid: number(fields, 'groupGid'),
    size: number(fields, 'size'),
    maxMessages: number(fields, 'maxMessages', 0),
    maxMessageBytes: number(fields, 'maxMessageBytes', 0),
    messages: [],
    content: [],
  };
}

function bodyOf({ body, base64 }: Fields): Buffer {
  return typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(String(base64), 'base64');
}

/** Reads a backup, and refuses one that is truncated, damaged or of another version. @throws Failure, ENOENT, EACCES */
export function readPosixCopies(path: string): readonly PosixCopy[] {
  const bytes = readRegularFile(path);
  const last = bytes.lastIndexOf(10, -2) + 1;
  const end = parse(bytes.toString('utf8', last));
  const sum = createHash(CHECKSUM).update(bytes.subarray(0, last)).digest('hex');
  if (end[CHECKSUM] !== sum || bytes.at(-1) !== 10)
    throw new Failure(`${path} is cut off or damaged: its checksum doesn't fit its content; nothing done`);
  const objects: ReturnType<typeof readObject>[] = [];
  for (const [index, line] of bytes.toString('utf8', 0, last).trimEnd().split('\n').entries()) {
    const fields = parse(line);
    if (index === 0) {
      if (fields['version'] !== POSIX_VERSION)
        throw new Failure(
          `${path} has version ${String(fields['version'])}, and this ipctools reads version ${POSIX_VERSION}`,
        );
    } else if ('object' in fields) objects.push(readObject(fields['object']));
    else if ('priority' in fields)
      objects.at(-1)?.messages.push({ priority: number(fields, 'priority'), body: bodyOf(fields) });
    else objects.at(-1)?.content.push({ at: number(fields, 'at'), bytes: bodyOf(fields) });
  }
  return objects;
}

function pathOf({ kind, file }: PosixCopy, { queues, memory }: Places): Buffer {
  const place = kind === 'posix queue' ? queues : memory;
  if (typeof place === 'string') throw new Failure(place);
  return Buffer.concat([Buffer.from(`${place.folder}/`), file]);
}

/** Why an object can't be restored; undefined if nothing is known. */
export function obstacleTo(copy: PosixCopy, places: Places): string | undefined {
  const path = pathOf(copy, places);
  return lstatSync(path, { throwIfNoEntry: false }) === undefined
    ? undefined
    : `${namePosix(copy)} is there already; remove or rename it first`;
}

/** Creates a queue where the mount shows it. @throws Failure if the mount is of another IPC namespace */
function createQueue(copy: PosixCopy, path: Buffer): number {
  const fd = createPosixQueue(copy.file.toString('utf8'), 0o600, copy);
  const { ino, dev } = fstatSync(fd);
  const shown = lstatSync(path, { throwIfNoEntry: false });
  if (shown?.ino === ino && shown.dev === dev) return fd;
  closeSync(fd);
  throw new Failure(
    'the mount at /dev/mqueue shows the queues of another IPC namespace; mount it again in this one',
  );
}

/** Only its owner may use it before all of it is there. */
function create(copy: PosixCopy, path: Buffer): number {
  if (copy.kind === 'posix queue') return createQueue(copy, path);
  return openSync(
    path,
    constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
}

function fill(copy: PosixCopy, fd: number): void {
  for (const message of copy.messages) sendPosixMessage(fd, message);
  if (copy.kind !== 'posix queue') ftruncateSync(fd, copy.size);
  for (const { at, bytes } of copy.content) {
    for (let done = 0; done < bytes.length;)
      done += writeSync(fd, bytes, done, bytes.length - done, at + done);
  }
}

/** @returns whether it has its former owner */
function giveBack({ uid, gid, mode }: PosixCopy, fd: number): boolean {
  let owned = true;
  try {
    fchownSync(fd, uid, gid);
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
    owned = false;
  }
  fchmodSync(fd, mode);
  return owned;
}

/**
 * Restores POSIX objects. If one fails, those that were created for it and before it are removed again.
 * @returns those that belong to this user now, because it may not give them away
 * @throws Failure, IpcError; the errors of files
 */
export function restorePosix(copies: readonly PosixCopy[], places: Places): readonly PosixCopy[] {
  const created: Buffer[] = [];
  const kept: PosixCopy[] = [];
  try {
    for (const copy of copies) {
      const path = pathOf(copy, places);
      const fd = create(copy, path);
      created.push(path);
      try {
        fill(copy, fd);
        if (!giveBack(copy, fd)) kept.push(copy);
      } finally {
        closeSync(fd);
      }
    }
  } catch (error) {
    for (const path of created) unlinkSync(path);
    throw error;
  }
  return kept;
}
