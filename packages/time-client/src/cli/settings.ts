import { DEFAULT_KEY } from '@timeq/time-protocol';
import type { Key } from '@timeq/mq-native';
import type { ConnectionSettings } from '@timeq/nats';
import type { AskStyle } from '../client/ask-style.js';
import type { Format } from '../format/names.js';
import type { Zone } from '../format/zone.js';

/** Servers over NATS. */
export interface NatsPlace {
  /** What they listen to, before `.now`. */
  readonly subject: string;
  readonly connection: ConnectionSettings;
}

/** The command line's options, checked. */
export interface Settings {
  readonly key: Key;
  /** Instead of the queue at the key. */
  readonly nats: NatsPlace | undefined;
  /** Milliseconds; each verb has its own default. */
  readonly timeout: number | undefined;
  readonly ask: AskStyle;
  readonly json: boolean;
  readonly format: Format | undefined;
  readonly zone: Zone | undefined;
  /** Milliseconds. */
  readonly interval: number | undefined;
  readonly count: number | undefined;
  readonly concurrency: number | undefined;
  /** A pattern of cron, unread. */
  readonly cron: string | undefined;
}

export const DEFAULT_SETTINGS: Settings = {
  key: DEFAULT_KEY,
  nats: undefined,
  timeout: undefined,
  ask: 'auto',
  json: false,
  format: undefined,
  zone: undefined,
  interval: undefined,
  count: undefined,
  concurrency: undefined,
  cron: undefined,
};

/** The command line's options under commander's names, as they were typed. */
export type RawOptions = Readonly<Partial<Record<string, string | boolean>>>;
