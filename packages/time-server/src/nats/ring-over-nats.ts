import type { NatsConnection, NatsMessage } from '@timeq/nats';
import type { Alarms } from '../alarms/alarms.js';
import type { Answerer } from '../answer/answerer.js';

/** NATS's own answer to a message that no program takes. */
const NO_RESPONDERS = 503;

/**
 * Lets alarms ring over NATS. NATS says which messages no client takes, as each asks for an answer: those alarms end.
 * @param prefix of a subject of this server's own
 * @returns ends that
 */
export function ringOverNats(
  connection: NatsConnection,
  answerer: Answerer,
  alarms: Alarms,
  prefix: string,
): () => void {
  const untaken = `${prefix}.untaken.`;
  const subscription = connection.subscribe(`${untaken}*`, {
    callback: (error: Error | null, { subject, headers }: NatsMessage) => {
      if (error === null && headers?.code === NO_RESPONDERS)
        alarms.lost(Number(subject.slice(untaken.length)));
    },
  });
  alarms.publishBy((subject, ring) => {
    if (connection.isClosed()) return;
    connection.publish(subject, ring.body(answerer.now()), { reply: untaken + ring.alarm });
  });
  return () => {
    alarms.drop('nats');
    if (!connection.isClosed()) subscription.unsubscribe();
  };
}
