import type {
  Backups,
  Command,
  Hello,
  OtherKind,
  OtherObjects,
  Outcome,
  Overview,
  Plan,
  QueueView,
  Row,
  TimeServers,
} from './wire.js';

/** All queues at one moment. */
export interface Look {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** One that is the same object as in the look before has not changed. */
  readonly queues: readonly Row[];
  readonly overview: Overview;
}

/** What the page may change, each in two steps: a plan is shown, and carried out if it is confirmed as it was shown. */
export interface Changes {
  backups(): Backups;
  plan(command: Command): Plan;
  carryOut(command: Command, mark: string): Outcome;
}

/** Where the page's content comes from. Every call is one look, and changes nothing; `servers` sends each server a request. */
export interface Source {
  readonly hello: Hello;
  look(): Look;
  /** A queue by its id; undefined if there is none. */
  queue(id: number): QueueView | undefined;
  objects(kind: OtherKind): OtherObjects;
  servers(): Promise<TimeServers>;
  /** Undefined: the page only reads. */
  readonly changes?: Changes | undefined;
}
