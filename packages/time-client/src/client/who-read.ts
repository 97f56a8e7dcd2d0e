import { readFileSync } from 'node:fs';
import type { MessageQueue, QueueStat } from '@timeq/mq-native';
import { REQUEST } from '@timeq/time-protocol';
import type { ClassicStyle } from './ask-style.js';

/** How far into a queue it looks for a request. */
const MAX_PEEKS = 1024;

/** A request without an answer. */
export interface Unanswered {
  readonly body: Uint8Array | string;
  /** When it was made, in seconds since the epoch. */
  readonly since: number;
  /** The styles in which a classic server's answer was awaited. */
  readonly styles: readonly ClassicStyle[];
}

/**
 * What the kernel shows of a request without an answer, if no server has claimed the queue: its reader, and what that
 * means.
 */
export function whoRead(queue: MessageQueue, { body, since, styles }: Unanswered): string {
  const stat = queue.stat();
  if (isStillThere(queue, body) !== false) return `the request was not read: ${describeLastReader(stat)}`;
  const reader = stat.receiveTime >= since ? readerOf(stat.lastReceivePid) : undefined;
  const by = reader === undefined ? '' : ` (${reader} received from the queue last)`;
  return `the request was read${by}, and not answered ${where(styles)}: ${meaning(styles)}`;
}

/** Undefined if the kernel can't show messages. */
function isStillThere(queue: MessageQueue, body: Uint8Array | string): boolean | undefined {
  const wanted = Buffer.from(body);
  try {
    for (let index = 0; index < MAX_PEEKS; index += 1) {
      const message = queue.peek(index);
      if (message === undefined) return false;
      if (message.type === REQUEST && wanted.equals(message.body)) return true;
    }
    return true;
  } catch {
    return queue.stat().messages > 0 ? undefined : false;
  }
}

function describeLastReader({ lastReceivePid, receiveTime }: QueueStat): string {
  if (receiveTime === 0) return 'no process has ever received from this queue';
  const reader = readerOf(lastReceivePid) ?? 'a process that cannot be seen from here';
  return `no server is receiving type 1 on this queue; ${reader} received from it last`;
}

/** The kernel records the thread that received; undefined for one of another pid namespace. */
function readerOf(thread: number): string | undefined {
  if (thread <= 0) return undefined;
  try {
    const status = readFileSync(`/proc/${thread}/status`, 'utf8');
    const name = /^Name:\t(.*)$/m.exec(status)?.[1];
    const pid = /^Tgid:\t(\d+)$/m.exec(status)?.[1];
    return `pid ${pid ?? thread}${name === undefined ? '' : ` (${name})`}`;
  } catch {
    return `pid ${thread}, which has ended,`;
  }
}

function where(styles: readonly ClassicStyle[]): string {
  if (styles.length === 0) return "at this client's own type";
  if (styles.length > 1) return 'at any type of the exercise';
  return styles[0] === 'shared' ? 'at type 3' : `at this client's ${styles[0]}`;
}

function meaning(styles: readonly ClassicStyle[]): string {
  if (styles.length === 0) return 'its reader may be a classic server; omit --ask';
  if (styles.length > 1) return 'its reader is not a time server, has failed, or took its own reply back';
  return 'its reader may answer elsewhere; omit --ask and --classic to try every reply type';
}
