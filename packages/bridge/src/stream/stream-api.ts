import type { ConnectionSettings, NatsConnection } from '@timeq/nats';
import { BridgeError } from '../bridge-error.js';
import { ID_HEADER } from '../mapping/headers.js';
import { covers } from '../mapping/subject.js';

/** What is asked of the library's manager of streams, whose own types do not compile under `exactOptionalPropertyTypes`. */
export interface Manager {
  readonly streams: {
    info(name: string): Promise<StreamInfo>;
    add(config: object): Promise<StreamInfo>;
    getMessage(name: string, query: object): Promise<StoredMessage | null>;
  };
  readonly consumers: {
    list(stream: string): AsyncIterable<ConsumerInfo>;
    add(stream: string, config: object): Promise<ConsumerInfo>;
    delete(stream: string, consumer: string): Promise<boolean>;
  };
}

export interface StreamInfo {
  readonly created: string;
  readonly config: {
    readonly name: string;
    readonly subjects?: readonly string[];
    readonly retention: string;
    readonly no_ack?: boolean;
    readonly max_msgs_per_subject?: number;
  };
  readonly state: { readonly first_seq: number; readonly last_seq: number; readonly messages: number };
}

interface ConsumerInfo {
  readonly name: string;
  readonly ack_floor: { readonly stream_seq: number };
}

interface StoredMessage {
  readonly seq: number;
  readonly header: { get(name: string): string };
}

/** A message of the stream, by its sequence and the id that it was published with. */
interface FoundMessage {
  readonly sequence: number;
  readonly id: string;
}

/** JetStream's own numbers of errors. Source: server/errors.json of nats-server. */
export const API_ERROR = { streamNotFound: 10059, tooLarge: 10054 } as const;

/** Milliseconds for an answer of the server. */
const TIMEOUT = 5000;

/** Which JetStream a connection means, if it is not that of its own server. */
export type JetStreamPlace = Partial<Pick<ConnectionSettings, 'jetstreamDomain' | 'jetstreamApiPrefix'>>;

/** The same for the client library. */
export function apiOptions({
  jetstreamDomain: domain,
  jetstreamApiPrefix: apiPrefix,
}: JetStreamPlace): object {
  return {
    timeout: TIMEOUT,
    ...(domain !== undefined && { domain }),
    ...(apiPrefix !== undefined && { apiPrefix }),
  };
}

export async function streamManager(
  connection: NatsConnection,
  place: JetStreamPlace = {},
): Promise<Manager> {
  const { jetstreamManager } = await import('@nats-io/jetstream');
  const options = { checkAPI: false, ...apiOptions(place) };
  const manager: unknown = await jetstreamManager(connection as never, options);
  return manager as Manager;
}

/** The number of JetStream's error; undefined for any other error. */
export function apiErrorOf(error: unknown): number | undefined {
  const known = error as { apiError?: () => { err_code?: number }; code?: number };
  return (typeof known.apiError === 'function' ? known.apiError().err_code : undefined) ?? known.code;
}

export interface StreamWish {
  readonly name: string;
  /** What is published to it, as a filter; undefined: nothing. */
  readonly subject: string | undefined;
  /** Whether to make it if there is none. */
  readonly create: boolean;
  /** Whether messages may go from the stream as they are consumed, so that a look-up can't find them. */
  readonly allowWorkqueue: boolean;
}

/**
 * Finds the stream, or makes it, and refuses one with which a bridge could not keep what it promises.
 * @throws BridgeError NOT_THERE, WRONG_SETTING, TIMED_OUT or NOT_PERMITTED
 */
export async function prepareStream(manager: Manager, wish: StreamWish): Promise<StreamInfo> {
  const { name, subject, create, allowWorkqueue } = wish;
  const info = await findStream(manager, name, create ? subject : undefined);
  const { subjects = [], retention, no_ack: deaf } = info.config;
  if (subject === undefined) return info;
  if (!subjects.some((each) => covers(each, subject))) {
    const stored = subjects.length === 0 ? 'no subject' : subjects.join(', ');
    throw new BridgeError(
      'WRONG_SETTING',
      `stream ${name} does not store ${subject} (it stores ${stored}); add it with \`nats stream edit ${name} ` +
        `--subjects=SUBJECTS\`, or give another --subject`,
    );
  }
  if (deaf === true) {
    throw new BridgeError(
      'WRONG_SETTING',
      `stream ${name} acknowledges nothing (no_ack), on which a bridge relies; use another one`,
    );
  }
  if (retention !== 'limits' && !allowWorkqueue) {
    throw new BridgeError(
      'WRONG_SETTING',
      `stream ${name} drops messages once they are consumed (retention ${retention}), so a look-up after a crash can't ` +
        'tell what it has had; --allow-workqueue accepts that some may then be there twice',
    );
  }
  return info;
}

async function findStream(
  manager: Manager,
  name: string,
  subjectOfNew: string | undefined,
): Promise<StreamInfo> {
  try {
    try {
      return await manager.streams.info(name);
    } catch (error) {
      if (apiErrorOf(error) !== API_ERROR.streamNotFound) throw error;
      if (subjectOfNew !== undefined) return await manager.streams.add({ name, subjects: [subjectOfNew] });
      throw new BridgeError(
        'NOT_THERE',
        `there is no stream ${name}; create it with --create-stream, or with \`nats stream add ${name}\``,
      );
    }
  } catch (error) {
    throw explainStream(error, name);
  }
}

/** Why the server does not talk about a stream. */
export function explainStream(error: unknown, name: string): BridgeError {
  if (error instanceof BridgeError) return error;
  const { name: kind = '', message = String(error) } = error as Partial<Error>;
  const options = { cause: error };
  if (/JetStreamNotEnabled|NoResponders/.test(kind) || message.includes('not enabled')) {
    return new BridgeError(
      'NOT_THERE',
      'the NATS server has no JetStream for you; start it with `nats-server -js`',
      options,
    );
  }
  if (kind === 'TimeoutError') {
    return new BridgeError(
      'TIMED_OUT',
      `the NATS server did not answer about stream ${name} in time`,
      options,
    );
  }
  // The library wraps it in an error of its own.
  if (message.includes('Permissions Violation')) {
    return new BridgeError(
      'NOT_PERMITTED',
      `the NATS server does not permit you to look at stream ${name} (${message})`,
      options,
    );
  }
  return new BridgeError('FAILED', `the NATS server refuses stream ${name}: ${message}`, options);
}

/**
 * The first message at or behind a sequence whose subject matches. Asked of the stream's leader, which alone has all that was
 * acknowledged.
 */
export async function nextMessage(
  manager: Manager,
  stream: string,
  from: number,
  subject: string,
): Promise<FoundMessage | undefined> {
  const found = await manager.streams.getMessage(stream, { seq: from, next_by_subj: subject });
  return found === null ? undefined : { sequence: found.seq, id: found.header.get(ID_HEADER) };
}
