/** Headers of a message. */
export interface NatsHeaders {
  get(name: string): string;
  /** The status that the server itself sends, such as 503 for "no responders"; 0 for none. */
  readonly code: number;
}

/** A message as it comes. */
export interface NatsMessage {
  readonly subject: string;
  readonly reply?: string | undefined;
  readonly data: Uint8Array;
  readonly headers?: NatsHeaders | undefined;
}

export interface NatsSubscription {
  unsubscribe(): void;
  /** Takes no more messages, and resolves when those under way have come. */
  drain(): Promise<void>;
}

/** What happens to a connection: `disconnect`, `reconnect`, `error`, and others. */
export interface NatsStatus {
  readonly type: string;
  readonly server?: string;
  readonly error?: Error;
}

/**
 * A connection of `@nats-io/transport-node`, as far as it is used here. The types of that package do not compile under
 * `exactOptionalPropertyTypes`, so no declaration of this package mentions them.
 */
export interface NatsConnection {
  /** Of the server that it is connected with; undefined once it is closed. */
  readonly info?: { readonly max_payload: number; readonly version: string } | undefined;
  /**
   * @param payload kept by reference until the end of the microtask: memory that is written again must be copied
   * @throws when the subject is none, the payload is longer than the server takes, or the connection is closed
   */
  publish(
    subject: string,
    payload?: Uint8Array | string,
    options?: { reply?: string; headers?: object },
  ): void;
  subscribe(
    subject: string,
    options: { queue?: string; callback: (error: Error | null, message: NatsMessage) => void },
  ): NatsSubscription;
  /** Resolves when the server has seen all that was published. */
  flush(): Promise<void>;
  /** Ends the subscriptions, sends what waits, and closes. */
  drain(): Promise<void>;
  close(): Promise<void>;
  closed(): Promise<unknown>;
  isClosed(): boolean;
  /** Such as `127.0.0.1:4222`. */
  getServer(): string;
  status(): AsyncIterable<NatsStatus>;
}
