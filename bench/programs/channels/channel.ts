/** A channel for messages between the two sides of a measurement. */
export interface Channel {
  send(message: Uint8Array): void;
  /** Resolves when more may be sent. Returns a promise only if the peer is behind. */
  ready(): Promise<void> | undefined;
  onMessage(listener: (message: Uint8Array) => void): void;
  close(): void;
}
