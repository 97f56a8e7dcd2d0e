import type { MessageType } from '@timeq/mq-native';
import type { Request } from '@timeq/time-protocol';

/** A message that a server took, and what it does about it. */
export interface TakenRequest {
  /** Its message type; undefined over NATS. */
  readonly type?: MessageType;
  /** Its subject, over NATS. */
  readonly subject?: string;
  /** The size of its body. */
  readonly bytes: number;
  /**
   * The process that sent the newest message to the queue; undefined over NATS. The queue does not record the sender of
   * each message, so this is its sender only if no other process has sent since. 0 for one of another pid namespace.
   */
  readonly lastSender?: number;
  /**
   * What is answered: the time as text or as an object, also once the clock is set or may not be; the status, an error;
   * an alarm that is set, cancelled or listed; nothing to a stop.
   */
  readonly answer:
    'text' | 'time' | 'status' | 'set-clock' | 'alarm' | 'cancel' | 'alarms' | 'error' | 'stop';
  /** The type of the reply; undefined over NATS, for a stop, and if it depends on where the client reads. */
  readonly replyType?: MessageType | undefined;
  /** Why it was refused. */
  readonly message?: string | undefined;
}

/** What a request is answered, in the terms of a TakenRequest. */
export function answerTo(request: Request): Pick<TakenRequest, 'answer' | 'message'> {
  if (request.kind === 'classic') return { answer: 'text' };
  return request.kind === 'refused'
    ? { answer: 'error', message: request.error.message }
    : { answer: request.ask };
}
