import { constants } from 'node:os';
import { checkInteger } from './errors/argument-error.js';
import { IpcError } from './errors/ipc-error.js';
import { fields, native } from './native.js';

export { clockState } from './clock-state.js';
export type { ClockState } from './clock-state.js';
export { MSG_EXCEPT, SHM_DEST, SHM_LOCKED } from './native.js';
export { isTimeZone } from './time-zone.js';

/**
 * What the C library knows and Node does not expose. Texts are those of the C locale. Names of users and groups come
 * from the services that nsswitch.conf(5) names, so a look-up may take as long as the network does.
 */

/** The text of an error code such as `EIDRM`, by strerror(3); the code itself where the platform has no such error. */
export function errorText(code: string): string {
  const errno = (constants.errno as Readonly<Record<string, number>>)[code];
  return errno === undefined ? code : native.strerror(errno);
}

/** Bytes of a page of memory, by sysconf(3). */
export function pageSize(): number {
  return native.pageSize();
}

/** The name of a user, by getpwuid(3); undefined if it has none. */
export function userName(uid: number): string | undefined {
  return native.userName(uid);
}

/** The name of a group, by getgrgid(3); undefined if it has none. */
export function groupName(gid: number): string | undefined {
  return native.groupName(gid);
}

/**
 * The uid of a user, by getpwnam(3); undefined if there is no user of that name.
 * @throws IpcError ENOMEM, EMFILE and others if the look-up fails
 */
export function userId(name: string): number | undefined {
  return name.includes('\0') ? undefined : checked(native.userId(name), 'getpwnam');
}

/** The gid of a group, by getgrnam(3); undefined if there is no group of that name. @throws IpcError likewise */
export function groupId(name: string): number | undefined {
  return name.includes('\0') ? undefined : checked(native.groupId(name), 'getgrnam');
}

function checked(id: number | undefined, syscall: string): number | undefined {
  if (id !== undefined && id < 0) throw new IpcError(-id, { syscall });
  return id;
}

/**
 * The local time of a second since the epoch, in a format of strftime(3), at most 255 bytes long. The zone is TZ's,
 * with every form of it that the C library knows.
 * @throws RangeError; IpcError EOVERFLOW for a year beyond 2^31, and for a text that is too long or empty
 */
export function formatLocalTime(second: number, format: string): string {
  checkInteger('second', second, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const text = native.strftime(second, format);
  if (text === undefined) throw new IpcError(constants.errno.EOVERFLOW, { syscall: 'strftime' });
  return text;
}

/** What ctime(3) writes of a second since the epoch, without the newline: `Fri Nov 20 09:09:00 2026`. */
export function ctime(second: number): string {
  return formatLocalTime(second, '%a %b %e %H:%M:%S %Y');
}

/** A second in the local zone, as C's `struct tm` has it but with the year in full. */
export interface LocalTime {
  readonly year: number;
  /** 0 (January) to 11. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  /** 0 to 59. */
  readonly minute: number;
  /** 0 to 60: a leap second counts in a zone that has them. */
  readonly second: number;
  /** 0 (Sunday) to 6. */
  readonly weekday: number;
}

/**
 * The local time of a second since the epoch, by the C library and the machine's zone files (localtime(3)). A Date uses
 * the zone data that Node ships, and understands fewer forms of TZ: not `CET-1CEST,M3.5.0,M10.5.0/3`.
 * @throws RangeError; IpcError EOVERFLOW for a year beyond 2^31
 */
export function localTime(second: number): LocalTime {
  checkInteger('second', second, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const result = native.localTime(second);
  if (result !== 0) throw new IpcError(-result, { syscall: 'localtime' });
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, secondOfMinute = 0, weekday = 0] = fields;
  return { year, month, day, hour, minute, second: secondOfMinute, weekday };
}

/**
 * Sends one datagram to a Unix socket, as sd_notify(3) does. A path that begins with `@` is an abstract address.
 * @throws IpcError ENOENT, ECONNREFUSED or EACCES where no such socket receives; EAGAIN where its buffer is full for a second
 */
export function sendUnixDatagram(path: string, text: string): void {
  const result = path.includes('\0') ? -constants.errno.EINVAL : native.sendUnixDatagram(path, text);
  if (result !== 0) throw new IpcError(-result, { syscall: 'sendto' });
}
