import { E2BIG, EAGAIN, ECHILD, ENOMSG } from '../errors/errno.js';
import { AbortError } from '../errors/abort-error.js';
import { KernelQueue } from '../message-queue/kernel-queue.js';
import { writeType } from '../message-queue/message-buffer.js';
import type { MessageQueue } from '../message-queue/message-queue.js';
import type { MessageType } from '../message-queue/message-type.js';
import { MSG_COPY, native } from '../native.js';
import type { Attachment } from '../shared-memory/attachment.js';
import { cancel, keepAlive, listen } from '../waiting/waiters.js';

/** How a send ended: `killed` means that the child was, and that it may have sent. */
export type SlotSend = 'sent' | 'full' | 'killed';

/**
 * Takes messages of a queue straight into a segment, and sends them out of one, so that a process that is killed meanwhile leaves
 * them there. A place is an offset in bytes, on an eight-byte boundary: the message type (64 bits) is there, and the body
 * behind it. Source: msgop(2), clone(2).
 */
export class SlotCalls {
  readonly #queue: KernelQueue;
  readonly #attachment: Attachment;

  /** Neither the queue nor the segment is closed or detached by this. */
  constructor(queue: MessageQueue, attachment: Attachment) {
    this.#queue = new KernelQueue(queue.id, queue.key);
    this.#attachment = attachment;
  }

  /**
   * Copies the message at an index of the queue to a place (MSG_COPY); it stays in the queue.
   * @returns the size of the body in bytes; undefined if there are not so many messages
   * @throws IpcError ENOSYS where the kernel can't, E2BIG for a body above `room`, EACCES; GoneError
   */
  copy(at: number, room: number, index = 0): number | undefined {
    return this.#receive(at, room, index, MSG_COPY);
  }

  /**
   * Takes a message with a body of up to so many bytes to a place, in the same step.
   * @returns the size of the body; undefined if there is none, or the first one is longer
   * @throws IpcError EACCES; GoneError
   */
  take(at: number, bytes: number, type: MessageType = 0): number | undefined {
    return this.#receive(at, bytes, type, 0, -E2BIG);
  }

  /**
   * Waits until the queue has a message, which stays there unless it is empty: the kernel can wait for no message without
   * taking an empty one, which goes to the place. Only one wait at a time; the segment has to stay attached meanwhile.
   * @returns whether an empty message was taken
   * @throws AbortError; IpcError EACCES; GoneError
   */
  wait(at: number, type: MessageType, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.reject(new AbortError(signal));
    writeType(type);
    const waiter = native.slotWait(this.#queue.id, this.#attachment.buffer, at);
    if (waiter < 0) return Promise.reject(this.#queue.error(waiter, 'pthread_create'));
    keepAlive(1);
    return new Promise((resolve, reject) => {
      const end = (result: number): void => {
        keepAlive(-1);
        signal.removeEventListener('abort', abort);
        if (result >= 0 || result === -E2BIG) resolve(result >= 0);
        else if (signal.aborted) reject(new AbortError(signal));
        else reject(this.#queue.error(result, 'msgrcv'));
      };
      const abort = (): void => {
        end(cancel(waiter));
      };
      signal.addEventListener('abort', abort, { once: true });
      listen(waiter, end);
    });
  }

  /**
   * Sends what is at a place, if there is room now. The sender's pid is at `pidAt`, in 32 bits, before it sends, and the kernel
   * keeps the pid of who has sent last: so it can be told whether a killed one has, if another process had sent before.
   * Therefore this process sends unless it has sent last; then a child does, which stays until this thread ends.
   * @param before who has sent to the queue last
   * @throws IpcError EACCES, EAGAIN for a body that even the empty queue has no room for, EINVAL, ENOSYS elsewhere than on
   * Linux; GoneError
   */
  send(at: number, bytes: number, pidAt: number, before: number): SlotSend {
    const child = before === process.pid ? 1 : 0;
    const result = native.slotSend(this.#queue.id, this.#attachment.buffer, at, bytes, pidAt, child);
    if (result === 0) return 'sent';
    if (result === -ECHILD) return 'killed';
    const error =
      result === -EAGAIN ? this.#queue.tooLargeFor(bytes) : this.#queue.error(result, 'msgsnd', { bytes });
    if (error !== undefined) throw error;
    return 'full';
  }

  #receive(at: number, bytes: number, type: MessageType, flags: number, other = -ENOMSG): number | undefined {
    writeType(type);
    const result = native.slotReceive(this.#queue.id, this.#attachment.buffer, at, bytes, flags);
    if (result >= 0) return result;
    if (result === -ENOMSG || result === other) return undefined;
    throw this.#queue.error(result, 'msgrcv', { bytes });
  }
}
