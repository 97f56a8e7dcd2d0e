/**
 * Requests of one process over NATS, IN_FLIGHT of them at the same time.
 *   nats-client.js URL FORM COUNT IN_FLIGHT   prints {"perSecond":requests} of the second half; the first half warms up
 * FORM is "timeq", or "request" for the client library's own request().
 */
import { connect, connectionSettings } from '@timeq/nats';
import { NatsTimeClient } from '@timeq/time-client';
import { parseReply, requestText } from '@timeq/time-protocol';

/** The connection is that of @nats-io/transport-node, which has this as well. */
interface Requester {
  request(subject: string, body: string): Promise<{ readonly data: Uint8Array }>;
}

const [url = '', form = ''] = process.argv.slice(2, 4);
const [count = 0, inFlight = 0] = process.argv.slice(4).map(Number);

const connection = await connect(connectionSettings({ server: url }, {}), { name: 'bench' });
const client = new NatsTimeClient(connection);
const requester = connection as unknown as Requester;
let id = 0;

async function request(): Promise<void> {
  const { data } = await requester.request('timeq.now', requestText({ id: ++id, replyTo: 2 ** 32 }));
  if (parseReply(data)?.kind !== 'time') throw new Error('no time');
}

async function ask(requests: number): Promise<void> {
  let sent = 0;
  const one = async (): Promise<void> => {
    while (sent < requests) {
      sent++;
      await (form === 'timeq' ? client.now() : request());
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
}

await ask(count);
const start = performance.now();
await ask(count);
console.log(JSON.stringify({ perSecond: (count / (performance.now() - start)) * 1000 }));
client.close();
await connection.close();
