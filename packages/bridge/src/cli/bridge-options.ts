import { readCount } from '@timeq/cli-kit/args/integer';
import { readMessageType } from '@timeq/cli-kit/args/message-type';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import type { MessageType } from '@timeq/mq-native';
import type { ConnectionOptions } from '@timeq/nats';

/** The options of a bridge as they were typed. */
export interface BridgeOptions extends ConnectionOptions {
  readonly stream?: string;
  readonly subject?: string;
  readonly type?: string;
  readonly slots?: string;
  readonly dead?: string;
  readonly createStream?: true;
  readonly allowWorkqueue?: true;
  readonly inDoubt?: 'again' | 'skip' | 'stop';
  readonly json?: true;
}

const MOST_SLOTS = 4096;

export function readStream({ stream }: BridgeOptions): string {
  if (stream === undefined) throw new UsageError('which stream? Name it with --stream');
  // The server's own rule. Source: docs.nats.io, naming of streams and consumers.
  if (stream === '' || /[^!-~]|[.*>/\\]/.test(stream))
    throw new UsageError(`'${stream}' is no name of a stream`);
  return stream;
}

export function readSlots({ slots = '64' }: BridgeOptions): number {
  return readCount(slots, 'number of slots', 1, MOST_SLOTS);
}

export function readType({ type }: BridgeOptions): MessageType | undefined {
  return type === undefined ? undefined : readMessageType(type);
}

export function readDead({ dead }: BridgeOptions): string | undefined {
  if (dead?.split('.').some((token) => token === '' || /[^!-~]|[*>]/.test(token)) === true) {
    throw new UsageError(`'${dead}' is not a subject to publish to`);
  }
  return dead;
}
