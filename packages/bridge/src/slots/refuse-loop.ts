import { formatKey, type Key } from '@timeq/mq-native';
import type { SlotDirection } from '@timeq/mq-native/message-slots';
import { BridgeError } from '../bridge-error.js';
import { overlap } from '../mapping/subject.js';
import { snapshotOf, type SlotSnapshot } from './snapshot.js';

/** What a bridge reads or publishes. */
interface Route {
  readonly direction: SlotDirection;
  readonly stream: string;
  readonly subject: string;
}

/** All subjects of a stream. */
const ALL = '>';

/**
 * Refuses a bridge whose messages a living bridge of the other direction would move back.
 * @throws BridgeError WRONG_SETTING
 */
export function refuseLoop(queueKey: Key, { direction, stream, subject }: Route): void {
  const other = otherBridge(queueKey, direction === 'out' ? 'in' : 'out');
  if (other?.user.state !== 'alive') return;
  const { header, user } = other;
  // A stream of another name has other subjects, or it is a mirror.
  const mayBeMirror = header.subject !== ALL && subject !== ALL;
  if (!overlap(header.subject, subject) || (header.stream !== stream && !mayBeMirror)) return;
  const who = user.pid > 0 ? `process ${user.pid}` : 'a process of another pid namespace';
  const route =
    direction === 'out'
      ? `sends ${header.subject} of stream ${header.stream} into this queue`
      : `publishes what is in this queue to stream ${header.stream} as ${header.subject}`;
  throw new BridgeError(
    'WRONG_SETTING',
    `${who} ${route} (key ${formatKey(queueKey)}), so each message would come back without end; ` +
      'give a --subject that does not overlap with that, or use another queue',
  );
}

function otherBridge(queueKey: Key, direction: SlotDirection): SlotSnapshot | undefined {
  try {
    return snapshotOf(queueKey, direction);
  } catch (error) {
    // What the bridge of another user moves can't be seen.
    if (error instanceof BridgeError && error.code === 'NOT_PERMITTED') return undefined;
    throw error;
  }
}
