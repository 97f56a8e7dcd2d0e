import { readPause } from '@timeq/cli-kit/args/duration';
import { readCount } from '@timeq/cli-kit/args/integer';
import { readNamingKey } from '@timeq/cli-kit/args/key';
import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { ASK_STYLES } from '../../client/ask-style.js';
import type { AskStyle } from '../../client/ask-style.js';
import { DEFAULT_SETTINGS } from '../settings.js';
import type { Settings } from '../settings.js';
import { keyOfPath } from './key.js';

/** The command line's options as they were typed: undefined where one is not there. */
export type RawOptions = Readonly<Partial<Record<string, string | boolean>>>;

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

const HIGHEST_COUNT = 10_000_000;
const HIGHEST_CONCURRENCY = 10_000;

/**
 * Checks every option before anything is done. Loads what the options that are there need and no more.
 *
 * @throws UsageError
 */
export async function readOptions(raw: RawOptions): Promise<Settings> {
  const settings: Mutable<Settings> = { ...DEFAULT_SETTINGS };
  settings.ask = readAsk(raw);
  settings.json = raw['json'] === true;
  const { key, path, projectId, timeout, format, zone, interval, count, concurrency } = raw;
  if (typeof key === 'string') settings.key = readNamingKey(key);
  if (path !== undefined || projectId !== undefined) settings.key = await keyOfFile(raw);
  if (typeof timeout === 'string') settings.timeout = readPause(timeout);
  if (typeof interval === 'string') settings.interval = readPause(interval);
  if (typeof count === 'string') settings.count = readCount(count, 'count', 1, HIGHEST_COUNT);
  if (typeof concurrency === 'string') {
    settings.concurrency = readCount(concurrency, 'number of requests', 1, HIGHEST_CONCURRENCY);
  }
  if (typeof format === 'string') settings.format = (await import('./format.js')).parseFormat(format);
  if (typeof zone === 'string') settings.zone = (await import('./zone.js')).parseZone(zone);
  return settings;
}

function readAsk({ ask, classic }: RawOptions): AskStyle {
  const asked = ASK_STYLES.find((style) => style === ask);
  if (ask !== undefined && asked === undefined) {
    throw new UsageError(`--ask must be ${ASK_STYLES.join(', ')}, not ${JSON.stringify(ask)}`);
  }
  if (classic !== true) return asked ?? 'auto';
  if (asked !== undefined && asked !== 'shared') {
    throw new UsageError(`--classic is --ask shared: give one of them, not --ask ${asked} as well`);
  }
  return 'shared';
}

async function keyOfFile({ key, path, projectId }: RawOptions): Promise<number> {
  if (key !== undefined) throw new UsageError('give either --key, or --path and --project-id, not both');
  if (typeof path !== 'string') throw new UsageError('--project-id needs the --path of a file as well');
  if (typeof projectId !== 'string')
    throw new UsageError('--path needs a --project-id from 1 to 255 as well');
  return await keyOfPath(path, projectId);
}
