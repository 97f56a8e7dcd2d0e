import type { TestContext } from 'node:test';
import { formatKey, MessageQueue, type Body, type MessageType } from '@timeq/mq-native';
import { freshKey } from '../helpers/keys.js';

/** A queue at a fresh key with these messages, of type 1 unless they say another. `name` is its key, as commands take it. */
export function newQueue(
  t: TestContext,
  ...messages: (Body | readonly [type: MessageType, body: Body])[]
): { readonly queue: MessageQueue; readonly name: string } {
  const key = freshKey(t);
  const queue = MessageQueue.create(key);
  for (const each of messages) {
    if (Array.isArray(each)) queue.trySend(each[0] as MessageType, each[1] as Body);
    else queue.trySend(1, each as Body);
  }
  return { queue, name: formatKey(key) };
}

/** The messages in a queue, each as `5 hello`. */
export function contents(queue: MessageQueue): string[] {
  return Array.from(queue.peekAll(), ({ type, body }) => `${type} ${body.toString()}`);
}
