import { randomBytes } from 'node:crypto';
import type { NatsConnection, NatsMessage, NatsSubscription } from '@timeq/nats';
import type { EncodedHeaders } from '../mapping/headers.js';

/** The server's answer to one message. */
export type Answer =
  | { readonly kind: 'stored'; readonly sequence: number }
  /** `code` is JetStream's error number; 0: no stream listens on the subject. */
  | { readonly kind: 'refused'; readonly code: number; readonly why: string };

const NO_RESPONDERS = 503;

/**
 * Publishes into streams without waiting for each answer: every message has its own reply subject under
 * one inbox.
 */
export class Publisher {
  readonly #connection: NatsConnection;
  readonly #inbox: string;
  readonly #subscription: NatsSubscription;

  /** @param answered is called with the server's answer to the message of a token */
  constructor(
    connection: NatsConnection,
    inboxPrefix: string,
    answered: (token: string, answer: Answer) => void,
  ) {
    this.#connection = connection;
    this.#inbox = `${inboxPrefix}.${randomBytes(11).toString('hex')}.`;
    this.#subscription = connection.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (error === null) answered(message.subject.slice(this.#inbox.length), readAnswer(message));
      },
    });
  }

  /** @param body is read until the end of the microtask */
  publish(subject: string, body: Uint8Array, token: string, headers: EncodedHeaders): void {
    this.#connection.publish(subject, body, { reply: this.#inbox + token, headers });
  }

  close(): void {
    if (!this.#connection.isClosed()) this.#subscription.unsubscribe();
  }
}

/** The usual answer, read without a parser: {"stream":"S", "seq":5}. */
const STORED = /^\{"stream":"[^"\\]*",\s?"seq":(\d+)[,}]/;

function readAnswer({ data, headers }: NatsMessage): Answer {
  if (data.length === 0 && headers?.code === NO_RESPONDERS) {
    return { kind: 'refused', code: 0, why: 'no stream stores the subject, or the server has no JetStream' };
  }
  const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString();
  const [, sequence] = STORED.exec(text) ?? [];
  if (sequence !== undefined) return { kind: 'stored', sequence: Number(sequence) };
  try {
    const { seq, error } = JSON.parse(text) as {
      seq?: number;
      error?: { err_code?: number; description?: string };
    };
    if (error !== undefined) {
      return { kind: 'refused', code: error.err_code ?? -1, why: error.description ?? 'no reason given' };
    }
    if (typeof seq === 'number' && seq > 0) return { kind: 'stored', sequence: seq };
  } catch {
    // Not JetStream's answer: another program answers on the subject.
  }
  return { kind: 'refused', code: -1, why: 'the answer is none of JetStream' };
}
