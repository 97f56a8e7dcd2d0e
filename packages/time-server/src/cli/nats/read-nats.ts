import { readSubject } from '@timeq/cli-kit/args/subject';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { connectionSettings, type ConnectionOptions, type ConnectionSettings } from '@timeq/nats';

/** The options of this command that concern NATS. */
export interface NatsServeOptions extends ConnectionOptions {
  readonly nats?: true;
  readonly natsOnly?: true;
  readonly subject?: string;
}

/** Where to serve over NATS. */
export interface NatsPlace {
  readonly subject: string;
  readonly connection: ConnectionSettings;
  /** Whether there is no queue beside it. */
  readonly only: boolean;
}

/** Options that mean nothing without a queue, and how they are typed. */
const OF_QUEUE = {
  key: 'key',
  path: 'path',
  projectId: 'project-id',
  mode: 'mode',
  group: 'group',
  reply: 'reply',
  onStop: 'on-stop',
  takeover: 'takeover',
  adoptForeign: 'adopt-foreign',
};

/** With --nats or --nats-only. @throws UsageError, NatsError */
export function readNats(options: NatsServeOptions): NatsPlace {
  const raw = options as Readonly<Record<string, unknown>>;
  const ofQueue = Object.entries(OF_QUEUE).find(([name]) => raw[name] !== undefined);
  if (options.natsOnly === true && ofQueue !== undefined) {
    throw new UsageError(`--${ofQueue[1]} is for a queue, and --nats-only serves none: give --nats instead`);
  }
  const subject = readSubject(options.subject ?? 'timeq');
  return { subject, connection: connectionSettings(options), only: options.natsOnly === true };
}
