import { TYPE_HEADER } from '../mapping/headers.js';

/** A message of a stream, from the client library. */
export interface StreamMessage {
  readonly seq: number;
  /** The deliveries of its consumer are numbered from 1. */
  readonly info: { readonly deliverySequence: number };
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers?: { get(name: string): string; last(name: string): string } | undefined;
  ack(): void;
  term(reason?: string): void;
}

const LARGEST_TYPE = 2n ** 63n - 1n;

/** The type of a message in the queue, or why it has none. */
type TypeOf = { readonly type: bigint } | { readonly poison: string };

/** The type is that of a bridge's header, else the last token of the subject, else that of --type. */
export function typeOf(
  { subject, headers }: Pick<StreamMessage, 'subject' | 'headers'>,
  otherwise: bigint | undefined,
): TypeOf {
  const header = headers?.get(TYPE_HEADER) ?? '';
  const token = subject.slice(subject.lastIndexOf('.') + 1);
  const text = header === '' ? (/^\d+$/.test(token) ? token : String(otherwise ?? '')) : header;
  if (text === '')
    return {
      poison: `it has no header ${TYPE_HEADER}, its subject ends in no number, and there is no --type`,
    };
  const type = /^\d{1,19}$/.test(text) ? BigInt(text) : 0n;
  if (type < 1n || type > LARGEST_TYPE)
    return { poison: `'${text}' is no message type; types are 1 to ${LARGEST_TYPE}` };
  return { type };
}
