import type { TestContext } from 'node:test';
import { connect, connectionSettings, type NatsConnection, type NatsMessage } from '@timeq/nats';
import { atEnd } from '../helpers/cleanup.js';
import { deadline } from '../helpers/deadline.js';
import { bin, startNode } from '../helpers/node.js';
import type { RunningProcess } from '../helpers/process.js';

/** Without the contexts and variables of the user who runs the tests. */
export const NO_CONTEXT = {
  HOME: '/nonexistent',
  XDG_CONFIG_HOME: undefined,
  NATS_URL: undefined,
  NATS_CONTEXT: undefined,
  NATS_USER: undefined,
  NATS_CREDS: undefined,
} as const;

/** A connection that ends with the test. */
export async function connected(t: TestContext, url: string): Promise<NatsConnection> {
  const connection = await connect(connectionSettings({ server: url }, NO_CONTEXT), { name: 'test' });
  atEnd(t, () => connection.close());
  return connection;
}

/** A time server over NATS that listens; without `--nats` among the options it serves no queue. */
export async function startTimeServer(
  t: TestContext,
  url: string,
  ...options: string[]
): Promise<RunningProcess> {
  const how = options.includes('--nats') ? [] : ['--nats-only'];
  const server = startNode(t, [bin('time-server'), ...how, '--server', url, ...options], { env: NO_CONTEXT });
  await server.waitFor('listening on NATS');
  return server;
}

let inboxes = 0;

/** All answers to a request, as many as are wanted. */
export async function ask(
  connection: NatsConnection,
  subject: string,
  body: string,
  count = 1,
): Promise<NatsMessage[]> {
  const inbox = `_INBOX.test.${process.pid}.${++inboxes}`;
  const answers: NatsMessage[] = [];
  const enough = new Promise<void>((resolve, reject) => {
    connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) reject(error);
        if (answers.push(message) === count) resolve();
      },
    });
  });
  connection.publish(subject, body, { reply: inbox });
  await deadline(enough, `${count} answers at ${subject}`);
  return answers;
}

export function text({ data }: NatsMessage): string {
  return Buffer.from(data).toString();
}
