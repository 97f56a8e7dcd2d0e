import { formatKey } from '@timeq/mq-native';
import { TimeClient } from '../../client/time-client.js';
import { EXIT } from '../exit-codes.js';
import { measure } from '../../measure/measure.js';
import { measurementJson, measurementLines } from '../render/measurement.js';
import { print } from '../output.js';
import type { Settings } from '../settings.js';
import { currentTerminal } from '../terminal.js';

const DEFAULT_COUNT = 10_000;

/** `time-client measure` */
export async function measureVerb(settings: Settings, signal: AbortSignal): Promise<number> {
  const { key, count = DEFAULT_COUNT, concurrency = 1, json } = settings;
  const client = TimeClient.connect(key, settings);
  try {
    const measurement = await measure(client, { count, concurrency, signal });
    if (json) print(measurementJson(formatKey(key), measurement));
    else for (const line of measurementLines(measurement, currentTerminal())) print(line);
    return Object.keys(measurement.failures).length === 0 ? EXIT.done : EXIT.failed;
  } finally {
    client.close();
  }
}
