import type { Key } from '@timeq/mq-native';
import { DEFAULT_TIMEOUT } from '../client/connect-options.js';
import type { AlarmingClient } from '../client/keep-alarm.js';
import { TimeClient } from '../client/time-client.js';
import type { NatsTimeClient } from '../nats/nats-time-client.js';
import type { Settings } from './settings.js';

/** A client of the servers that the options name. */
interface OpenClient extends AsyncDisposable {
  readonly client: TimeClient | NatsTimeClient;
}

/** Opens a queue, or connects with NATS, which is loaded for that only. */
export async function openClient(settings: Settings, signal: AbortSignal): Promise<OpenClient> {
  if (settings.nats !== undefined) {
    const { openNatsClient } = await import('./nats/open-nats-client.js');
    return await openNatsClient(settings.nats, settings.timeout ?? DEFAULT_TIMEOUT, signal);
  }
  const client = TimeClient.connect(settings.key, settings);
  return { client, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
}

/** Where alarms are set. */
export interface AlarmPlace extends AsyncDisposable {
  readonly where: Key | (() => AlarmingClient);
}

/** Where the options say that alarms are set. Over NATS it connects, and each server gets a client of its own, too. */
export async function openAlarmPlace(settings: Settings, signal: AbortSignal): Promise<AlarmPlace> {
  if (settings.nats === undefined)
    return { where: settings.key, [Symbol.asyncDispose]: () => Promise.resolve() };
  const { openNatsPlace } = await import('./nats/open-nats-client.js');
  return await openNatsPlace(settings.nats, settings.timeout ?? DEFAULT_TIMEOUT, signal);
}
