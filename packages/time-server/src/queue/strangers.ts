import { formatKey, type MessageQueue, type MessageType } from '@timeq/mq-native';
import { CLASSIC_REPLY, isAddressedType } from '@timeq/time-protocol';
import type { Log } from '../log.js';
import { countTypes } from './message-types.js';

/** How many of the types are named. */
const MOST_NAMED = 3;

/** How long to wait after a check, in milliseconds: the kernel walks through the queue for each message. */
const PAUSE_MS = 1000;
const PAUSE_AFTER_REPORT_MS = 60_000;

/** Reports messages that none of the protocol's programs reads. */
export function reportStrangers(
  log: Log,
  queue: MessageQueue,
  counts: ReadonlyMap<MessageType, number>,
): void {
  const { bytes, maxBytes, key } = queue.stat();
  const count = [...counts.values()].reduce((total, each) => total + each, 0);
  const named = [...counts.keys()].slice(0, MOST_NAMED).join(', ');
  const more = counts.size > MOST_NAMED ? ' and others' : '';
  const messages =
    count === 1 ? `1 message of type ${named} is` : `${count} messages of type ${named}${more} are`;
  log.warn(
    'strangers',
    `${messages} in the queue, which no time server or client reads, and ${bytes} of its ${maxBytes} bytes are in use: ` +
      `see them with "ipctools peek ${formatKey(key)}"`,
    { count, bytes, maxBytes },
  );
}

/** Checks, if the queue is nearly full, whether other programs' messages fill it. */
export class StrangerWatch {
  readonly #log: Log;
  readonly #now: () => number;
  #next = 0;

  /** @param now the steady clock, in milliseconds */
  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  look(queue: MessageQueue): void {
    const now = this.#now();
    if (now < this.#next) return;
    this.#next = now + PAUSE_MS;
    const strange = new Map<MessageType, number>();
    for (const [type, { count, classicTexts }] of countTypes(queue) ?? []) {
      const isStrange = type > CLASSIC_REPLY && !isAddressedType(type);
      if (isStrange && classicTexts < count) strange.set(type, count - classicTexts);
    }
    if (strange.size === 0) return;
    reportStrangers(this.#log, queue, strange);
    this.#next = now + PAUSE_AFTER_REPORT_MS;
  }
}
