import { closeSync, constants, openSync } from 'node:fs';
import { note } from '@timeq/cli-kit/output/notes';
import { shellWord } from '@timeq/cli-kit/text/shell-word';
import {
  posixQueueAttributes,
  sendPosixMessage,
  takePosixMessage,
  type PosixMessage,
  type PosixQueueAttributes,
} from '@timeq/mq-native/posix-queue';
import { codeOf, Failure } from '../failure.js';
import { formatCount } from '../format/count.js';
import { namePosix, type PosixObject } from '../model/posix/objects.js';
import { createPosixCopyFile, messageLine, objectLine, type PosixCopyFile } from './copy-text.js';

/** Takes as many messages as the queue held, one after the other: other programs may go on sending. */
export function* messagesIn(fd: number, attributes: PosixQueueAttributes): Generator<PosixMessage> {
  for (let taken = 0; taken < attributes.messages; taken += 1) {
    const message = takePosixMessage(fd, attributes);
    if (message === undefined) return;
    yield message;
  }
}

/**
 * Sends messages to a queue, as long as it has room.
 * @param before whether those that are in it come after them
 * @returns those that are not in the queue now
 */
export function sendMessages(
  { path }: PosixObject,
  messages: readonly PosixMessage[],
  { before }: { readonly before: boolean },
): readonly PosixMessage[] {
  const left = [...messages];
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    if (before) {
      for (const message of messagesIn(fd, posixQueueAttributes(fd))) left.push(message);
    }
    for (let message = left[0]; message !== undefined; message = left[0]) {
      sendPosixMessage(fd, message);
      left.shift();
    }
  } catch (error) {
    // It is full, or gone. Whatever it is, the others must not get lost.
    if (codeOf(error) === undefined) throw error;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
  return left;
}

/** A new file beside the backup. */
function createBeside(backup: string): PosixCopyFile {
  for (let number = 1; ; number += 1) {
    try {
      return createPosixCopyFile(backup.replace(/(\.jsonl)?$/, `-rest-${number}$1`));
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
}

/** A POSIX queue, and the most that it takes. */
export interface LimitedQueue {
  readonly object: PosixObject;
  readonly limits: Pick<PosixQueueAttributes, 'maxMessages' | 'maxMessageBytes'>;
}

function save({ object, limits }: LimitedQueue, messages: readonly PosixMessage[], backup: string): string {
  const { maxMessages, maxMessageBytes } = limits;
  const file = createBeside(backup);
  try {
    file.add([objectLine(object, { maxMessages, maxMessageBytes }), ...messages.map(messageLine)]);
  } catch (error) {
    file.discard();
    throw error;
  }
  file.close();
  return file.path;
}

function sendWaiting({ path }: PosixObject, messages: readonly PosixMessage[]): void {
  const fd = openSync(path, constants.O_WRONLY);
  try {
    for (const message of messages) sendPosixMessage(fd, message);
  } finally {
    closeSync(fd);
  }
}

/**
 * Keeps messages for which their queue has no room: in a file beside the backup or, if that can't be written, in this
 * process until the queue has room.
 * @param why what to tell the user first
 * @returns why, and where they are
 */
export function keepMessages(
  queue: LimitedQueue,
  messages: readonly PosixMessage[],
  why: Error,
  backup: string,
): Error {
  const { object } = queue;
  const count = formatCount(messages.length, 'message');
  let path: string;
  try {
    path = save(queue, messages, backup);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    note(
      `ipctools: ${count} of ${namePosix(object)} have no room in it nor in a file (${error.message}); waiting until another program receives from it, do not end this`,
    );
    sendWaiting(object, messages);
    return why;
  }
  return new Failure(
    `${why.message}; ${count} of it found no room in it any more, and are in ${path}; when it has room, send them: ipctools restore ${shellWord(path)} --to ${shellWord(object.name)}`,
  );
}

/**
 * Returns messages to their queue, in the order in which they were taken, before those that are still in it. Loses
 * none if other programs fill it meanwhile.
 */
export function returnMessages(
  queue: LimitedQueue,
  taken: readonly PosixMessage[],
  why: Error,
  backup: string,
): Error {
  if (taken.length === 0) return why;
  const left = sendMessages(queue.object, taken, { before: true });
  return left.length === 0 ? why : keepMessages(queue, left, why, backup);
}
