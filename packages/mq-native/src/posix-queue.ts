import { EAGAIN } from './errors/errno.js';
import { IpcError } from './errors/ipc-error.js';
import { fields, native } from './native.js';

/** How much a POSIX message queue takes, and what it holds (mq_getattr(3)). */
export interface PosixQueueAttributes {
  readonly maxMessages: number;
  /** The most bytes in one message. */
  readonly maxMessageBytes: number;
  readonly messages: number;
}

/** A message of a POSIX queue. Higher priorities are received first. */
export interface PosixMessage {
  readonly priority: number;
  readonly body: Buffer;
}

function checked(result: number, syscall: string): number {
  if (result < 0) throw new IpcError(-result, { syscall });
  return result;
}

/** @param fd a file that was opened in a mount of mqueue @throws IpcError EBADF, ENOSYS (not Linux) */
export function posixQueueAttributes(fd: number): PosixQueueAttributes {
  checked(native.mqAttributes(fd), 'mq_getattr');
  const [maxMessages = 0, maxMessageBytes = 0, messages = 0] = fields;
  return { maxMessages, maxMessageBytes, messages };
}

/**
 * Creates a queue in this process's own IPC namespace, and opens it without blocking.
 * @param name without a slash
 * @param attributes the kernel's defaults if not given (fs.mqueue.msg_default and msgsize_default)
 * @returns a descriptor to close
 * @throws IpcError EEXIST, EINVAL or EMFILE beyond the limits of fs.mqueue, ENOSPC
 */
export function createPosixQueue(
  name: string,
  mode: number,
  attributes?: Omit<PosixQueueAttributes, 'messages'>,
): number {
  const { maxMessages = 0, maxMessageBytes = 0 } = attributes ?? {};
  return checked(native.mqCreate(name, mode, maxMessages, maxMessageBytes), 'mq_open');
}

/**
 * Removes a queue of this process's own IPC namespace, whether a mount shows it or not.
 * @param name without a slash
 * @throws IpcError ENOENT, EACCES, ENAMETOOLONG, ENOSYS (not Linux)
 */
export function removePosixQueue(name: string): void {
  checked(native.mqUnlink(name), 'mq_unlink');
}

/** Takes the first message; undefined if there is none. @param fd opened with O_NONBLOCK @throws IpcError EBADF */
export function takePosixMessage(
  fd: number,
  { maxMessageBytes }: PosixQueueAttributes,
): PosixMessage | undefined {
  const bytes = Buffer.alloc(maxMessageBytes);
  const length = native.mqReceive(fd, bytes);
  if (length === -EAGAIN) return undefined;
  checked(length, 'mq_receive');
  return { priority: fields[0] ?? 0, body: bytes.subarray(0, length) };
}

/** @param fd opened with O_NONBLOCK @throws IpcError EAGAIN where the queue is full, EMSGSIZE, EINVAL, EBADF */
export function sendPosixMessage(fd: number, { priority, body }: PosixMessage): void {
  checked(native.mqSend(fd, body, priority), 'mq_send');
}
