import { connect, NatsError, type ConnectionSettings, type NatsConnection } from '@timeq/nats';
import type { AddressedTime } from '../client/answers.js';
import { ClientError } from '../client/client-error.js';
import { untilAnswered } from '../client/until-answered.js';
import { NatsTimeClient } from './nats-time-client.js';

/** Milliseconds between two attempts to connect, or to ask. */
const TRY_AGAIN = 200;

/** Milliseconds after which an attempt to connect is made anew: a name can mean another address by then. */
const ATTEMPT = 5000;

export interface NatsWaitOptions {
  /** What the connection is called in the NATS server; `time-client`. */
  readonly name?: string | undefined;
  /** What the servers listen to; `timeq`. */
  readonly subject?: string | undefined;
  /** Milliseconds; 30,000 by default, Infinity for no limit. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until a time server over NATS answers, whether or not it, or NATS itself, has started yet.
 *
 * @returns its answer
 * @throws {ClientError} `TIMED_OUT`, whose message says what was missing last; `NOT_PERMITTED` and `REFUSED` at once
 * @throws {NatsError} `NOT_PERMITTED`, `WRONG_SETTING` and whatever else waiting can't mend, at once
 */
export async function waitOverNats(
  settings: ConnectionSettings,
  options: NatsWaitOptions = {},
): Promise<AddressedTime> {
  const { name = 'time-client', subject, signal } = options;
  const { inboxPrefix } = settings;
  let connection: NatsConnection | undefined;
  try {
    return await untilAnswered(
      async (left) => {
        const until = performance.now() + left;
        connection ??= await connect(settings, { name, timeout: Math.min(left, ATTEMPT), signal });
        using client = new NatsTimeClient(connection, { subject, inboxPrefix });
        return await client.now({ timeout: Math.max(0, until - performance.now()), signal });
      },
      isAbsent,
      TRY_AGAIN,
      options,
    );
  } finally {
    await connection?.close();
  }
}

function isAbsent(error: unknown): error is Error {
  if (error instanceof NatsError) return error.code === 'NO_SERVER' || error.code === 'TIMED_OUT';
  return error instanceof ClientError && error.noServer;
}
