import {
  failure,
  type AddressedRequest,
  type AlarmAsk,
  type AlarmReply,
  type AlarmsReply,
  type CancelReply,
  type Failure,
} from '@timeq/time-protocol';
import type { Recipient } from './alarm.js';
import type { Alarms } from './alarms.js';

type Own<Reply> = Omit<Reply, 'id' | 'received' | 'sent' | 'clock'>;

/**
 * Does what a client asks for, and returns the fields of the answer that are its own.
 * @param to where its alarms ring
 */
export function answerAlarm(
  alarms: Alarms,
  request: AddressedRequest & AlarmAsk,
  to: Recipient,
  received: bigint,
): Own<AlarmReply> | Own<CancelReply> | Own<AlarmsReply> | Failure {
  switch (request.ask) {
    case 'alarm': {
      const alarm = alarms.add(to, request.id, request.plan, received);
      return 'code' in alarm ? alarm : { kind: 'alarm', alarm: alarm.number, next: alarm.next };
    }
    case 'cancel': {
      const cancelled = alarms.cancel(to, request.alarm);
      return cancelled === 0 && request.alarm !== undefined
        ? failure('NO_ALARM', `this client has no alarm ${request.alarm}: it has rung, or was never set`)
        : { kind: 'cancel', cancelled };
    }
    case 'alarms':
      return { kind: 'alarms', ...alarms.list(to, request.after) };
  }
}
