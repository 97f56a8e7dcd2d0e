import { connect, type ConnectionSettings, type NatsConnection } from '@timeq/nats';
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

/** Makes clients over a connection of their own. @throws NatsError */
export async function openNatsPlace(
  { connection: settings, subject }: NatsPlace,
  timeout: number,
  signal: AbortSignal,
): Promise<{ readonly where: () => NatsTimeClient } & AsyncDisposable> {
  const connection = await openConnection(settings, timeout, signal);
  return {
    where: () => new NatsTimeClient(connection, { subject, timeout, inboxPrefix: settings.inboxPrefix }),
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

/** A client over a connection of its own. @throws NatsError */
export async function openNatsClient(
  ...settings: Parameters<typeof openNatsPlace>
): Promise<{ readonly client: NatsTimeClient } & AsyncDisposable> {
  const place = await openNatsPlace(...settings);
  const client = place.where();
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      client.close();
      await place[Symbol.asyncDispose]();
    },
  };
}
