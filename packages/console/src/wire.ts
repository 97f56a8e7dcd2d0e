// What the server sends and the page shows. Every text in it is escaped already: it has no control characters, and none
// that reorder others. Times are in seconds since the epoch, 0: never.

/** A queue in one sample. */
export interface Row {
  readonly id: number;
  /** `0x00000080`; empty: private. */
  readonly key: string;
  readonly owner: string;
  readonly mode: string;
  readonly messages: number;
  readonly bytes: number;
  /** Undefined if it can't be read. */
  readonly maxBytes?: number;
  /** Bytes or messages of the limit, in percent, whichever is more. */
  readonly full?: number;
  /** Messages a second; absent in the first sample. */
  readonly in?: Rate;
  readonly out?: Rate;
  /** Blocked threads; undefined if it is unknown. */
  readonly senders?: number;
  readonly receivers?: number;
  readonly usedAt: number;
  readonly verdict?: Verdict;
  readonly reasons?: string;
}

/** `[2, 1]`: 2 a second, a lower bound. */
export type Rate = readonly [perSecond: number, atLeast: 0 | 1];

export type Verdict = 'live' | 'idle' | 'stale' | 'unknown';

export interface Warning {
  readonly code: string;
  readonly sentence: string;
  readonly queueId?: number;
}

/** The usage of one limit. */
export interface Usage {
  readonly name: string;
  readonly count: number;
  /** Undefined if there is none. */
  readonly limit?: number;
  /** `3 messages, 27 bytes` */
  readonly content: string;
}

export interface Overview {
  readonly usage: readonly Usage[];
  readonly warnings: readonly Warning[];
  /** Whether every process could be inspected for blocked senders. */
  readonly blockedKnown: boolean;
  /** How many objects of every kind are stale; undefined until they were judged. */
  readonly stale?: number;
  /** How many queues have a server that is alive. */
  readonly servers?: number;
}

/** One event of the feed. */
export interface Change {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Forget all queues that are known: what follows are all that there are. */
  readonly anew?: true;
  /** More events of the same sample follow. */
  readonly more?: true;
  /** Queues that are new or have changed. */
  readonly queues: readonly Row[];
  readonly gone: readonly number[];
  /** Only if it has changed. */
  readonly overview?: Overview;
}

/** The first event of the feed. */
export interface Hello {
  readonly version: string;
  readonly host: string;
  readonly user: string;
  /** Milliseconds between samples. */
  readonly interval: number;
  /** Whether the page may change something. */
  readonly allowsChanges: boolean;
}

export interface ShownMessage {
  /** Digits: a type may be beyond 2^53. */
  readonly type: string;
  readonly bytes: number;
  readonly text: string;
  /** The text is only its beginning. */
  readonly cut?: true;
}

export interface TypeCount {
  readonly type: string;
  readonly messages: number;
  readonly bytes: number;
}

export interface ShownProcess {
  readonly what: string;
  readonly who: string;
  readonly time: number;
}

/** A queue in the last hour, in steps; null where no page was open. */
export interface Hour {
  /** The end of the last step. */
  readonly end: number;
  /** Seconds. */
  readonly step: number;
  /** The most messages in a step. */
  readonly depth: ReadonlyArray<number | null>;
  /** Messages a second, lower bounds. */
  readonly in: ReadonlyArray<number | null>;
  readonly out: ReadonlyArray<number | null>;
}

/** Everything about one queue. */
export interface QueueView {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly row: Row;
  readonly hour: Hour;
  readonly group: string;
  readonly creator: string;
  readonly maxMessageBytes: number;
  readonly changedAt: number;
  readonly sender: ShownProcess;
  readonly receiver: ShownProcess;
  /** A sentence for each blocked thread; undefined if they are unknown. */
  readonly waiting?: readonly string[];
  readonly judgement: {
    readonly verdict: Verdict;
    readonly proven: boolean;
    readonly rule: number;
    readonly reasons: readonly string[];
    readonly next?: string;
  };
  readonly types: readonly TypeCount[];
  readonly messages: readonly ShownMessage[];
  /** How many messages were looked at. */
  readonly seen: number;
  /** Why messages can't be looked at. */
  readonly refusal?: string;
}

/** A segment, a semaphore set or a POSIX object. */
export interface OtherObject {
  /** `segment 5 (key 0x00000080)`, `posix queue /orders` */
  readonly name: string;
  readonly owner: string;
  readonly mode: string;
  /** `97.7K bytes, attached 2 times` */
  readonly content: string;
  readonly verdict: Verdict;
  readonly reasons: string;
}

export type OtherKind = 'segments' | 'semaphores' | 'posix';

/** The objects of a kind, the stale ones first. */
export interface OtherObjects {
  readonly objects: readonly OtherObject[];
  /** How many more there are. */
  readonly leftOut: number;
  /** Why some can't be seen, a sentence each. */
  readonly absent: readonly string[];
}

/** A time server, as it answered a moment ago. Fields are absent where it does not tell them. */
export interface TimeServer {
  /** Of its queue. */
  readonly key: string;
  readonly id: number;
  /** Absent: this user may not ask it. */
  readonly answered?: boolean;
  readonly pid?: number;
  readonly version?: string;
  /** Milliseconds until it answered. */
  readonly roundTrip?: number;
  /** Milliseconds that its clock is ahead of the machine's. */
  readonly ahead?: number;
  /** Its clock, if that is not the machine's. */
  readonly clock?: string;
  /** Requests that it answered since its start, and a second since the last look. */
  readonly requests?: number;
  readonly perSecond?: number;
  /** Replies that reached no client. */
  readonly lost?: number;
  /** Replies that wait for room. */
  readonly waiting?: number;
}

export interface TimeServers {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly servers: readonly TimeServer[];
  /** How many more there are. */
  readonly leftOut: number;
}

/** What the page can be asked to do, where changes are allowed. */
export type Command =
  | { readonly verb: 'remove'; readonly id: number }
  | { readonly verb: 'send'; readonly id: number; readonly type: string; readonly body: string }
  | { readonly verb: 'restore'; readonly backup: string };

/** Exactly what a command would do, to be confirmed. */
export interface Plan {
  readonly lines: readonly string[];
  /** Why it can't be done. */
  readonly refusals: readonly string[];
  /** Stands for what was shown: the command is carried out only if nothing has changed since. */
  readonly mark: string;
}

export interface Outcome {
  readonly done: boolean;
  readonly lines: readonly string[];
}

/** The backups that can be restored, or why they can't be listed. */
export interface Backups {
  readonly backups: readonly Backup[];
  readonly refusals: readonly string[];
}

export interface Backup {
  readonly name: string;
  readonly time: number;
  readonly bytes: number;
}
