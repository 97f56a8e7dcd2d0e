import { note } from '@timeq/cli-kit/output/notes';
import { jsonText } from '@timeq/cli-kit/text/escape';
import type { Message, MessageQueue } from '@timeq/mq-native';
import { messageToJson } from '../messages/json-line.js';
import { nameQueue } from '../model/find-queue.js';
import { putBack } from './receiver.js';

/** A message that was taken must not be lost: it goes to the end of the first queue that has room, or onto standard error. */
export function returnMessage(queues: readonly MessageQueue[], message: Message, why: string): void {
  const queue = queues.find((candidate) => putBack(candidate, message));
  if (queue !== undefined) {
    note(`ipctools: ${why}; the message was returned to the end of ${nameQueue(queue)}`);
    return;
  }
  const names = queues.map(nameQueue).join(' or ');
  note(`ipctools: ${why}; the message could not be returned to ${names}, so here it is:`);
  note(jsonText(messageToJson(message)));
}
