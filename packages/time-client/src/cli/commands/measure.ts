import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { formatKey } from '@timeq/mq-native';
import { TimeClient } from '../../client/time-client.js';
import { measure } from '../../measure/measure.js';
import { measurementJson, measurementLines } from '../render/measurement.js';
import { currentTerminal } from '../terminal.js';
import { verb } from '../verb.js';

const DEFAULT_COUNT = 10_000;

export const run = verb(async (settings, signal, output) => {
  const { key, count = DEFAULT_COUNT, concurrency = 1, json } = settings;
  using client = TimeClient.connect(key, settings);
  const measurement = await measure(client, { count, concurrency, signal });
  const lines = json
    ? [measurementJson(formatKey(key), measurement)]
    : measurementLines(measurement, currentTerminal());
  await output.deliver(`${lines.join('\n')}\n`);
  return Object.keys(measurement.failures).length === 0 ? EXIT.done : EXIT.failed;
});
