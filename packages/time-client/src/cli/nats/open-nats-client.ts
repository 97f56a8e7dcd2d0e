import { connect } from '@timeq/nats';
import type { ConnectionSettings, NatsConnection } from '@timeq/nats';
import { NatsTimeClient } from '../../nats/nats-time-client.js';
import type { NatsPlace } from '../settings.js';

/** A connection of this command. @throws NatsError */
export function openConnection(
  settings: ConnectionSettings,
  timeout: number,
  signal: AbortSignal,
): Promise<NatsConnection> {
  return connect(settings, { name: 'time-client', timeout, signal });
}

/** A client over a connection of its own. @throws NatsError */
export async function openNatsClient(
  { connection: settings, subject }: NatsPlace,
  timeout: number,
  signal: AbortSignal,
): Promise<{ readonly client: NatsTimeClient } & AsyncDisposable> {
  const connection = await openConnection(settings, timeout, signal);
  const client = new NatsTimeClient(connection, { subject, timeout, inboxPrefix: settings.inboxPrefix });
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      client.close();
      await connection.close();
    },
  };
}
