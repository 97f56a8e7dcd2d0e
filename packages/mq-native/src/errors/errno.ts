import { constants } from 'node:os';

/** The errno values that the binding itself acts on. */
export const {
  E2BIG,
  EACCES,
  EAGAIN,
  EBUSY,
  ECANCELED,
  ECHILD,
  EDEADLK,
  EEXIST,
  EIDRM,
  EINTR,
  EINVAL,
  ENOENT,
  ENOMSG,
  ENOSYS,
  EPERM,
  EPROTO,
  ESRCH,
  ETIMEDOUT,
  EXDEV,
} = constants.errno;

const names = new Map<number, string>();
for (const [name, number] of Object.entries(constants.errno)) {
  if (!names.has(number)) names.set(number, name);
}

/** `ENOMSG` for 42. util.getSystemErrorName knows only libuv's errors, which leaves out EIDRM and ENOMSG. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `errno ${errno}`;
}
