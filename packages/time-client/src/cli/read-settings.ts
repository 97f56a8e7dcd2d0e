import { readPause } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { readNamingKey } from '@timeq/cli-kit/args/key';
import { keyOfPlace, readKeyPlace } from '@timeq/cli-kit/args/key-place';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { givenConnectionOption } from '@timeq/nats/options';
import type { AskStyle } from '../client/ask-style.js';
import { DEFAULT_SETTINGS, type RawOptions, type Settings } from './settings.js';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

const HIGHEST_COUNT = 10_000_000;
const HIGHEST_CONCURRENCY = 10_000;

/**
 * Checks every option before anything is done. Loads only what the given options need.
 *
 * @throws UsageError
 */
export async function readSettings(raw: RawOptions): Promise<Settings> {
  const settings: Mutable<Settings> = { ...DEFAULT_SETTINGS };
  settings.ask = readAsk(raw);
  settings.json = raw['json'] === true;
  const { key, timeout, format, zone, interval, count, concurrency, cron } = raw;
  if (typeof key === 'string') settings.key = readNamingKey(key);
  const place = readKeyPlace(raw);
  if (place !== undefined) {
    const { ftok } = await import('@timeq/mq-native');
    settings.key = keyOfPlace(place, ftok);
  }
  if (raw['nats'] === true) settings.nats = (await import('./nats/read-nats.js')).readNats(raw);
  else checkWithoutNats(raw);
  if (typeof timeout === 'string') settings.timeout = readPause(timeout);
  if (typeof interval === 'string') settings.interval = readPause(interval);
  if (typeof count === 'string') settings.count = readCount(count, 'count', 1, HIGHEST_COUNT);
  if (typeof concurrency === 'string') {
    settings.concurrency = readCount(concurrency, 'number of requests', 1, HIGHEST_CONCURRENCY);
  }
  if (typeof cron === 'string') settings.cron = cron;
  if (typeof format === 'string') settings.format = (await import('./read-format.js')).readFormat(format);
  if (typeof zone === 'string') settings.zone = await (await import('./read-zone.js')).readZone(zone);
  return settings;
}

function checkWithoutNats(raw: RawOptions): void {
  const given = raw['subject'] === undefined ? givenConnectionOption(raw) : '--subject';
  if (given !== undefined) throw new UsageError(`${given} is for NATS: give --nats, too`);
}

function readAsk({ ask, classic }: RawOptions): AskStyle {
  // One of them, as the option has it.
  const asked = ask as AskStyle | undefined;
  if (classic !== true) return asked ?? 'auto';
  if (asked !== undefined && asked !== 'shared') {
    throw new UsageError(`--classic is --ask shared: give one of them, not --ask ${asked} as well`);
  }
  return 'shared';
}
