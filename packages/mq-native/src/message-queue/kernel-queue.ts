import type { Call } from '../errors/call.js';
import { E2BIG, EAGAIN, EIDRM, EINVAL, ENOMSG } from '../errors/errno.js';
import { GoneError, IpcError } from '../errors/ipc-error.js';
import type { Key } from '../key.js';
import { fields, native } from '../native.js';
import { block } from '../waiting/blocking.js';
import { bodySize, type Body } from './body.js';
import {
  bodyRoom,
  ensureRoom,
  growRoom,
  readBody,
  readSize,
  readType,
  usualLargest,
  writeBody,
  writeType,
} from './message-buffer.js';
import type { MessageType } from './message-type.js';
import { QUEUE_FIELD } from './queue-fields.js';
import { readQueueLimits } from './queue-limits.js';
import type { CheckedReceive, CheckedSelection } from './selection.js';

/** A message that was taken, or a copy of one that was looked at. */
export interface Message {
  readonly type: MessageType;
  /** The bytes, the reader's own. */
  readonly body: Buffer;
}

const IPC_NOWAIT = 0o4000;
const MSG_COPY = 0o40000;
/** Room for a batch: many small messages, or some of the largest. */
const BATCH_BYTES = 256 * 1024;
/** UTF-8 needs at most three bytes for a unit of a string. */
const UTF8_MOST = 3;
const RECORD_HEAD = 16;

/** The calls on one queue: arguments have been checked, failures are thrown, and nothing here waits unless it says so. */
export class KernelQueue {
  readonly id: number;
  readonly key: Key | undefined;

  constructor(id: number, key: Key | undefined) {
    this.id = id;
    this.key = key;
  }

  /** The error for a failed call; `result` is -errno. */
  error(result: number, syscall: string, more?: Partial<Call>): IpcError {
    const call: Call = { syscall, object: 'queue', id: this.id, key: this.key, ...more };
    const gone = result === -EIDRM || (result === -EINVAL && native.msgctlStat(this.id, 1) === -EINVAL);
    return gone ? new GoneError(EIDRM, call) : new IpcError(-result, call);
  }

  /** How many bytes the queue may hold; undefined if that is not to be known. */
  maxBytes(): number | undefined {
    const known = native.msgctlStat(this.id, 1) === 0 || native.msgctlStat(this.id, 0) === 0;
    return known ? fields[QUEUE_FIELD.maxBytes] : undefined;
  }

  /** Puts type and body into the message buffer. @returns the size of the body */
  load(type: MessageType, body: Body): number {
    const most = typeof body === 'string' ? body.length * UTF8_MOST : body.byteLength;
    if (most > bodyRoom()) {
      const size = bodySize(body);
      // The kernel would say the same, after a copy of it all.
      if (size > (readQueueLimits()?.maxMessageBytes ?? size))
        throw this.error(-EINVAL, 'msgsnd', { bytes: size });
      ensureRoom(most);
    }
    writeType(type);
    return writeBody(body);
  }

  /** @returns false if the queue is full */
  trySend(type: MessageType, body: Body): boolean {
    const bytes = this.load(type, body);
    const result = native.msgsnd(this.id, bytes, IPC_NOWAIT);
    if (result === 0) return true;
    if (result === -EAGAIN) return false;
    throw this.error(result, 'msgsnd', { bytes });
  }

  /** Blocks this thread until the message is sent. */
  sendBlocking(type: MessageType, body: Body, timeout: number | undefined): void {
    const bytes = this.load(type, body);
    const result = block(timeout, (milliseconds) =>
      milliseconds === Infinity
        ? native.msgsnd(this.id, bytes, 0)
        : native.msgsndUntil(this.id, bytes, milliseconds),
    );
    if (result !== 0) {
      throw this.error(result, 'msgsnd', { bytes, ...(timeout !== undefined && { milliseconds: timeout }) });
    }
  }

  /** Takes a message that is there now. */
  take(wanted: CheckedReceive): Message | undefined {
    const { type, flags, maxBytes = Infinity, cut } = wanted;
    for (;;) {
      const room = Math.min(maxBytes, bodyRoom());
      writeType(type);
      // It may be cut to maxBytes, and not to what room there happens to be.
      const result = native.msgrcv(this.id, room, flags | IPC_NOWAIT | (room === maxBytes ? cut : 0));
      if (result >= 0) return { type: readType(), body: readBody(result) };
      if (result === -ENOMSG) return undefined;
      if (result !== -E2BIG || room === maxBytes || !growRoom()) throw this.#receiveError(result, wanted);
    }
  }

  /** Blocks this thread until there is a message. */
  takeBlocking(wanted: CheckedReceive, timeout: number | undefined): Message {
    const { type, flags, maxBytes = Infinity, cut } = wanted;
    for (;;) {
      const room = Math.min(maxBytes, bodyRoom());
      const all = flags | (room === maxBytes ? cut : 0);
      const result = block(timeout, (milliseconds) => {
        writeType(type);
        return milliseconds === Infinity
          ? native.msgrcv(this.id, room, all)
          : native.msgrcvUntil(this.id, room, all, milliseconds);
      });
      if (result >= 0) return { type: readType(), body: readBody(result) };
      if (result !== -E2BIG || room === maxBytes || !growRoom()) {
        throw this.#receiveError(result, wanted, timeout);
      }
    }
  }

  #receiveError(result: number, wanted: CheckedReceive, timeout?: number): IpcError {
    return this.error(result, 'msgrcv', {
      ...(wanted.maxBytes !== undefined && { bytes: wanted.maxBytes }),
      ...(timeout !== undefined && { milliseconds: timeout }),
    });
  }

  /** Takes what is there now, up to `count` messages. */
  takeBatch(wanted: CheckedSelection, count: number): Message[] {
    ensureRoom(Math.max(BATCH_BYTES, usualLargest + RECORD_HEAD));
    writeType(wanted.type);
    const taken = native.msgrcvBatch(this.id, wanted.flags, count, usualLargest);
    if (taken === -ENOMSG) return [];
    if (taken === -E2BIG) {
      // Larger than msgmax was when this program started: such a message comes by itself.
      const message = this.take({ ...wanted, maxBytes: undefined, cut: 0 });
      return message === undefined ? [] : [message];
    }
    if (taken < 0) throw this.error(taken, 'msgrcv');
    const messages: Message[] = [];
    for (let at = 0; messages.length < taken;) {
      const bytes = readSize(at / 8);
      messages.push({ type: readType(at / 8 + 1), body: readBody(bytes, at + RECORD_HEAD) });
      at += RECORD_HEAD + Math.ceil(bytes / 8) * 8;
    }
    return messages;
  }

  /** A copy of the message at a place in the queue, counted from 0. */
  copy(index: number): Message | undefined {
    for (;;) {
      writeType(index);
      const result = native.msgrcv(this.id, bodyRoom(), MSG_COPY | IPC_NOWAIT);
      if (result >= 0) return { type: readType(), body: readBody(result) };
      if (result === -ENOMSG) return undefined;
      if (result !== -E2BIG || !growRoom()) throw this.error(result, 'msgrcv');
    }
  }
}
