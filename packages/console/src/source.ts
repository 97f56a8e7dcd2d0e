import type { Hello, Overview, QueueView, Row } from './wire.js';

/** All queues at one moment. */
export interface Look {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly queues: readonly Row[];
  readonly overview: Overview;
}

/** Where the page's content comes from. Every call is one look, and changes nothing. */
export interface Source {
  readonly hello: Hello;
  look(): Look;
  /** A queue by its id; undefined if there is none. */
  queue(id: number): QueueView | undefined;
}
