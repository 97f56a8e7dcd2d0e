import type { Message, MessageQueue, MessageType } from '@timeq/mq-native';

/** What a purge took out of a queue. */
interface Purged {
  /** How many of the listed messages; the others had been taken by other programs. */
  readonly taken: number;
  /** Messages that came later, taken in place of those that others took: they have to go back. */
  readonly later: readonly Message[];
}

/**
 * Takes those messages out of a queue, and no others: a message that is taken and not in the list came after it, which can only
 * happen while another program receives as well.
 * @throws IpcError EACCES; GoneError
 */
export function takeListed(queue: MessageQueue, listed: readonly Message[]): Purged {
  const later: Message[] = [];
  let taken = 0;
  for (const type of new Set(listed.map((message) => message.type))) {
    const ofType = listed.filter((message) => message.type === type);
    const { count, stranger } = takeOfType(queue, type, ofType);
    taken += count;
    if (stranger !== undefined) later.push(stranger);
  }
  return { taken, later };
}

/** The kernel keeps the order of one type, so the next one is the first of the list, or others have taken some. */
function takeOfType(
  queue: MessageQueue,
  type: MessageType,
  listed: readonly Message[],
): { readonly count: number; readonly stranger: Message | undefined } {
  let count = 0;
  for (let next = 0; next < listed.length; count += 1) {
    const message = queue.tryReceive({ type });
    if (message === undefined) break;
    const found = listed.findIndex(({ body }, index) => index >= next && body.equals(message.body));
    if (found < 0) return { count, stranger: message };
    next = found + 1;
  }
  return { count, stranger: undefined };
}
