import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { note } from '@timeq/cli-kit/output/notes';
import { Output } from '@timeq/cli-kit/output/output';
import { escapeText, jsonText } from '@timeq/cli-kit/text/escape';
import { formatCount } from '../format/count.js';
import { Failure } from '../failure.js';
import { listPosix, namePosix, readQueueContents, type PosixObject } from '../model/posix/objects.js';
import { findPlaces } from '../model/posix/places.js';
import { keepMessages, sendMessages } from '../posix/put-back.js';
import { obstacleTo, readPosixCopies, restorePosix, type PosixCopy } from '../posix/restore.js';
import { formatSize } from '../render/bytes.js';
import { findPosix, readPosixNames } from './posix-target.js';

function describe(copy: PosixCopy): string {
  const content =
    copy.kind === 'posix queue' ? formatCount(copy.messages.length, 'message') : formatSize(copy.size);
  return escapeText(`${namePosix(copy)}: ${content}`);
}

/** `restore` for a backup of POSIX objects. @returns the exit code */
export async function restorePosixBackup(
  path: string,
  { dryRun = false, json = false }: { readonly dryRun?: boolean; readonly json?: boolean },
): Promise<number> {
  const copies = readPosixCopies(path);
  const places = findPlaces();
  const obstacles = copies.flatMap((copy) => obstacleTo(copy, places) ?? []);
  const does = !dryRun && obstacles.length === 0;
  const kept = does ? restorePosix(copies, places) : [];
  const output = new Output();
  if (json) {
    const objects = copies.map(({ kind, name, size, messages }) => ({
      kind,
      name,
      bytes: size,
      messages: messages.length,
    }));
    await output.write(`${jsonText({ restoration: { dryRun, done: does, obstacles, objects } }, 2)}\n`);
  } else {
    for (const copy of copies) await output.write(`${does ? 'restored ' : ''}${describe(copy)}\n`);
  }
  await output.flush();
  for (const copy of kept)
    note(`ipctools: ${namePosix(copy)} belongs to you now: only root gives it to user ${copy.uid}`);
  for (const obstacle of obstacles) note(`ipctools: ${obstacle}`);
  if (obstacles.length > 0) note('ipctools: nothing done');
  return obstacles.length > 0 ? EXIT.failed : EXIT.done;
}

/** The queue of the backup, and the one that gets its messages. */
function planSending(
  copies: readonly PosixCopy[],
  to: string,
): { readonly copy: PosixCopy; readonly queue: PosixObject | undefined } {
  const [name] = readPosixNames([], { posixMqueue: [to] });
  const queue = name && findPosix(name, listPosix());
  const queues = copies.filter(({ kind }) => kind === 'posix queue');
  const copy = queues.length === 1 ? queues[0] : queues.find((each) => each.name === queue?.name);
  if (copy !== undefined) return { copy, queue };
  throw new UsageError(`the file has ${formatCount(queues.length, 'POSIX queue')}, and none is ${to}`);
}

/** Why the messages can't be sent; undefined if nothing is known. */
function obstacleToSending(
  { messages }: PosixCopy,
  queue: PosixObject | undefined,
  to: string,
): string | undefined {
  if (queue === undefined) return `there is no posix queue ${to} here; without --to it is created`;
  const contents = readQueueContents(queue);
  if (contents === undefined) return `this user may not use ${namePosix(queue)}`;
  const room = contents.maxMessages - contents.messages;
  if (room < messages.length)
    return `${namePosix(queue)} has room for ${formatCount(room, 'message')} now; try again when programs have received some`;
  const longest = Math.max(0, ...messages.map(({ body }) => body.length));
  if (longest > contents.maxMessageBytes)
    return `it has a message of ${longest} bytes, and ${namePosix(queue)} takes ${contents.maxMessageBytes}`;
  return undefined;
}

/** `restore --to /jobs`: sends the messages of a backup's queue to a queue that exists. @returns the exit code */
export async function sendPosixBackup(
  path: string,
  to: string,
  { dryRun = false, json = false }: { readonly dryRun?: boolean; readonly json?: boolean },
): Promise<number> {
  const { copy, queue } = planSending(readPosixCopies(path), to);
  const { messages } = copy;
  const obstacle = obstacleToSending(copy, queue, to);
  const does = !dryRun && obstacle === undefined;
  if (does && queue !== undefined) {
    const left = sendMessages(queue, messages, { before: false });
    if (left.length > 0) {
      const sent = new Failure(`${formatCount(messages.length - left.length, 'message')} sent`);
      throw keepMessages({ object: queue, limits: copy }, left, sent, path);
    }
  }
  const output = new Output();
  const count = formatCount(messages.length, 'message');
  const name = escapeText(queue?.name ?? to);
  if (json) {
    const fields = { dryRun, done: does, obstacles: obstacle === undefined ? [] : [obstacle] };
    const object = { kind: copy.kind, name: queue?.name ?? to, messages: messages.length };
    await output.write(`${jsonText({ restoration: { ...fields, objects: [object] } }, 2)}\n`);
  } else await output.write(`${does ? 'sent' : 'to be sent'} to posix queue ${name}: ${count}\n`);
  await output.flush();
  if (obstacle === undefined) return EXIT.done;
  note(`ipctools: ${obstacle}`);
  note('ipctools: nothing done');
  return EXIT.failed;
}
