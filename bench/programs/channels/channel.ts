/** A way to pass messages between the two sides of a measurement. */
export interface Channel {
  send(message: Uint8Array): void;
  /** Resolves when more may be sent; a promise only where the other side is behind. */
  ready(): Promise<void> | undefined;
  onMessage(listener: (message: Uint8Array) => void): void;
  close(): void;
}
