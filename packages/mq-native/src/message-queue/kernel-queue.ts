import type { Call } from '../errors/call.js';
import { E2BIG, EAGAIN, EINVAL, ENOMSG } from '../errors/errno.js';
import type { IpcError } from '../errors/ipc-error.js';
import { objectError, readStat } from '../kernel-object.js';
import { formatKey, type Key } from '../key.js';
import { fields, IPC_NOWAIT, MSG_COPY, native, QUEUE } from '../native.js';
import { blockFor, blocksAgain, blockUntil } from '../waiting/blocking.js';
import { bodySize, byteCount, ownBody, type Body } from './body.js';
import {
  bodyRoom,
  ensureRecordRoom,
  ensureRoom,
  hasRecordRoom,
  writeBody,
  writeRecord,
  writeType,
} from './message-buffer.js';
import { receive, receiveBatch, receiveBlocking, send, sendBatch, sendBlocking } from './message-calls.js';
import type { MessageType } from './message-type.js';
import type { OutgoingMessage } from './outgoing-message.js';
import { QUEUE_FIELD } from './queue-fields.js';
import { readQueueLimits } from './queue-limits.js';
import type { CheckedReceive, CheckedSelection } from './selection.js';
import {
  bodyAt,
  dropLargeSlab,
  followLimit,
  hasRoom,
  makeRoom,
  nextRoom,
  sizeAt,
  typeAt,
  usualLargest,
} from './slab.js';

/** A message that was received, or a copy of one that was peeked at. */
export interface Message {
  readonly type: MessageType;
  /**
   * The bytes, owned by the receiver. Messages that arrived together share an ArrayBuffer, as small Buffers of Node.js
   * do.
   */
  readonly body: Buffer;
}

/** UTF-8 needs at most three bytes for a unit of a string. */
const UTF8_MOST = 3;
/** In front of each message in a batch: its size. */
const RECORD_HEAD = 8;
const TYPE_BYTES = 8;
/** No place in the slab. */
const NOWHERE = -1;
/** This many messages go to the kernel in one call. Copies of those behind the first one without room are wasted. */
const RECORDS = 64;
const ANYTHING: CheckedReceive = { type: 0, flags: 0, maxBytes: undefined, cut: 0, handOver: undefined };

/**
 * The system calls on one queue. Arguments have been checked, failures are thrown, and nothing here waits unless it
 * says so.
 */
export class KernelQueue {
  readonly id: number;
  readonly key: Key | undefined;
  /** Whether each body gets its own memory. */
  readonly #own: boolean;

  constructor(id: number, key: Key | undefined, own = false) {
    this.id = id;
    this.key = key;
    this.#own = own;
  }

  describe(): string {
    return `queue ${this.id}${this.key === undefined || this.key === 0 ? '' : ` (key ${formatKey(this.key)})`}`;
  }

  /** The error for a failed call; `result` is -errno. */
  error(result: number, syscall: string, more?: Partial<Call>): IpcError {
    const { id, key } = this;
    const call = { syscall, object: 'queue', id, key, limits: readQueueLimits, ...more } as const;
    return objectError(QUEUE, id, result, call);
  }

  /** The queue's limit in bytes; undefined if it can't be read. */
  maxBytes(): number | undefined {
    return readStat(QUEUE, this.id) === 0 ? fields[QUEUE_FIELD.maxBytes] : undefined;
  }

  /** The error for a body that does not fit even into the empty queue; undefined if it fits. */
  tooLargeFor(bytes: number): IpcError | undefined {
    const limit = this.maxBytes();
    // A queue holds no more messages than its limit in bytes, so with a limit of 0 not even an empty message fits.
    if (limit === undefined || (bytes <= limit && limit > 0)) return undefined;
    return this.error(-EAGAIN, 'msgsnd', { bytes, limit });
  }

  /** The queue is full: @throws IpcError EAGAIN for a body that would never fit */
  #checkFits(bytes: number): void {
    const error = this.tooLargeFor(bytes);
    if (error !== undefined) throw error;
  }

  /** Puts type and body into the message buffer. @returns the size of the body */
  load(type: MessageType, body: Body): number {
    const most = mostBytes(body);
    if (most > bodyRoom()) {
      if (isTooLong(body)) throw this.error(-EINVAL, 'msgsnd', { bytes: bodySize(body) });
      ensureRoom(most);
    }
    writeType(type);
    return writeBody(body);
  }

  /** @returns false if the queue is full */
  trySend(type: MessageType, body: Body): boolean {
    const bytes = this.load(type, body);
    const result = send(this.id, bytes, IPC_NOWAIT);
    if (result === 0) return true;
    if (result !== -EAGAIN) throw this.error(result, 'msgsnd', { bytes });
    this.#checkFits(bytes);
    return false;
  }

  /**
   * Sends in order until one has no room. The next call reports an error after the first message.
   * @returns how many were sent
   */
  trySendBatch(messages: readonly OutgoingMessage[]): number {
    let sent = 0;
    while (sent < messages.length) {
      const count = this.#loadBatch(messages, sent);
      const result = count > 0 ? sendBatch(this.id, IPC_NOWAIT, count) : -EINVAL;
      if (result < 0) {
        if (sent > 0) return sent;
        const bytes = bodySize((messages[0] as OutgoingMessage).body);
        if (result !== -EAGAIN) throw this.error(result, 'msgsnd', { bytes });
        this.#checkFits(bytes);
        return 0;
      }
      sent += result;
      if (result < count) break;
    }
    return sent;
  }

  /**
   * Writes messages from an index on into the message buffer. @returns how many; 0 if the first one is too long to send
   */
  #loadBatch(messages: readonly OutgoingMessage[], first: number): number {
    const last = Math.min(messages.length, first + RECORDS);
    let at = 0;
    let index = first;
    for (; index < last; index++) {
      const { type, body } = messages[index] as OutgoingMessage;
      const most = mostBytes(body);
      if (!hasRecordRoom(at, most)) {
        if (index > first || isTooLong(body)) break;
        ensureRecordRoom(most);
      }
      at = writeRecord(at, type, body);
    }
    return index - first;
  }

  /** Blocks this thread until the message is sent. */
  sendBlocking(type: MessageType, body: Body, timeout: number | undefined): void {
    const bytes = this.load(type, body);
    const until = blockUntil(timeout);
    let result = send(this.id, bytes, IPC_NOWAIT);
    if (result === -EAGAIN) {
      this.#checkFits(bytes);
      do {
        result = sendBlocking(this.id, bytes, blockFor(until));
      } while (blocksAgain(result, until));
    }
    if (result !== 0) {
      throw this.error(result, 'msgsnd', { bytes, ...(timeout !== undefined && { milliseconds: timeout }) });
    }
  }

  /** Takes a message that is there now, or arrives within this many tries. */
  take(wanted: CheckedReceive, tries = 1): Message | undefined {
    const { type, flags, maxBytes = Infinity, cut } = wanted;
    for (let room = Math.min(maxBytes, usualLargest()); ;) {
      const at = makeRoom(room);
      writeType(type);
      // It may be cut to maxBytes, but not to the room that happens to be left.
      const how = flags | IPC_NOWAIT | (room === maxBytes ? cut : 0);
      const result = receive(this.id, room, how, at, tries);
      if (result >= 0) return this.#taken(at, result);
      if (result === -ENOMSG) return undefined;
      room = this.#moreRoom(result, room, wanted);
    }
  }

  /** Blocks this thread until there is a message. */
  takeBlocking(wanted: CheckedReceive, timeout: number | undefined): Message {
    const { type, flags, maxBytes = Infinity, cut } = wanted;
    const until = blockUntil(timeout);
    for (let room = Math.min(maxBytes, usualLargest()); ;) {
      const milliseconds = blockFor(until);
      const at = makeRoom(room);
      writeType(type);
      const how = flags | (room === maxBytes ? cut : 0);
      const result = receiveBlocking(this.id, room, how, at, milliseconds);
      if (result >= 0) return this.#taken(at, result);
      if (!blocksAgain(result, until)) room = this.#moreRoom(result, room, wanted, timeout);
    }
  }

  /**
   * The message that a thread has taken, with a body of this many bytes. @throws IpcError ENOMEM if there is no memory
   * for it: then it is in the queue again
   */
  takenByThread(bytes: number): Message {
    let at = NOWHERE;
    let result;
    try {
      at = makeRoom(bytes);
    } finally {
      result = native.waitTaken(at);
    }
    if (result !== 0) throw this.error(result, 'msgrcv');
    return this.#taken(at, bytes);
  }

  /** Sends a received message again, behind all others. @returns false if that is not possible */
  putBack({ type, body }: Message): boolean {
    try {
      return this.trySend(type, body);
    } catch {
      // No permission to write, or the queue is gone.
      return false;
    }
  }

  /** The buffer size to try next after a receive failed; throws its error if size was not the cause. */
  #moreRoom(result: number, room: number, wanted: CheckedReceive, timeout?: number): number {
    const more = result === -E2BIG && room !== wanted.maxBytes ? nextRoom(room) : undefined;
    if (more === undefined) throw this.#receiveError(result, wanted, timeout);
    followLimit();
    return Math.min(more, wanted.maxBytes ?? Infinity);
  }

  #receiveError(result: number, wanted: CheckedReceive, timeout?: number): IpcError {
    return this.error(result, 'msgrcv', {
      ...(wanted.maxBytes !== undefined && { bytes: wanted.maxBytes }),
      ...(timeout !== undefined && { milliseconds: timeout }),
    });
  }

  /** Takes up to `count` messages that are there now. */
  takeBatch(wanted: CheckedSelection, count: number): Message[] {
    const messages: Message[] = [];
    while (messages.length < count) {
      let at = makeRoom(usualLargest());
      writeType(wanted.type);
      const result = receiveBatch(this.id, usualLargest(), wanted.flags, at, count - messages.length);
      if (result < 0) {
        if (messages.length === 0) this.#takeFirst(result, wanted, messages);
        break;
      }
      for (let i = 0; i < result; i++) {
        const bytes = sizeAt(at);
        messages.push({ type: typeAt(at + RECORD_HEAD), body: this.#body(at + RECORD_HEAD, bytes) });
        at += RECORD_HEAD + TYPE_BYTES + ((bytes + 7) & ~7);
      }
      if (hasRoom()) break;
    }
    return messages;
  }

  /** A batch failed at its first message, which may be larger than its buffer: takes that message by itself. */
  #takeFirst(result: number, wanted: CheckedSelection, messages: Message[]): void {
    if (result === -ENOMSG) return;
    if (result !== -E2BIG) throw this.error(result, 'msgrcv');
    const message = this.take({ ...ANYTHING, ...wanted });
    if (message !== undefined) messages.push(message);
  }

  #taken(at: number, bytes: number): Message {
    const message = { type: typeAt(at), body: this.#body(at, bytes) };
    dropLargeSlab();
    return message;
  }

  #body(at: number, bytes: number): Buffer {
    const body = bodyAt(at, bytes);
    return this.#own ? ownBody(body) : body;
  }

  /** A copy of the message at a place in the queue, counted from 0. */
  copy(index: number): Message | undefined {
    for (let room = usualLargest(); ;) {
      const at = makeRoom(room);
      writeType(index);
      const result = receive(this.id, room, MSG_COPY | IPC_NOWAIT, at, 1);
      if (result >= 0) return this.#taken(at, result);
      if (result === -ENOMSG) return undefined;
      room = this.#moreRoom(result, room, ANYTHING);
    }
  }
}

/** The size of a body at most, in bytes. */
function mostBytes(body: Body): number {
  return typeof body === 'string' ? body.length * UTF8_MOST : byteCount(body);
}

/** Whether it is longer than any message may be. The kernel would refuse it too, but only after copying it. */
function isTooLong(body: Body): boolean {
  const size = bodySize(body);
  return size > (readQueueLimits()?.maxMessageBytes ?? size);
}
