import { typeError } from '../errors/argument-error.js';
import { checkBody, isUint8Array, type Body } from './body.js';
import { checkMessageType, type MessageType } from './message-type.js';

/** A message to send. A received message is one, too. */
export interface OutgoingMessage {
  readonly type: MessageType;
  readonly body: Body;
}

/** @throws TypeError, RangeError that name the invalid message and the reason */
export function checkMessages(messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] {
  if (!Array.isArray(messages)) throw typeError('messages', 'an array of messages', messages);
  for (let index = 0; index < messages.length; index++) checkMessage(messages[index], index);
  return messages;
}

function checkMessage(message: OutgoingMessage | undefined, index: number): void {
  if (typeof message !== 'object' || message === null) {
    throw typeError(`messages[${index}]`, 'a message with type and body', message);
  }
  const { type, body } = message;
  // The usual case: building the names takes longer than all the rest.
  if (Number.isSafeInteger(type) && (type as number) >= 1 && isUint8Array(body)) return;
  checkMessageType(type, `messages[${index}].type`);
  checkBody(body, `messages[${index}].body`);
}
