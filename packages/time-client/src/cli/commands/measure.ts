import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { measure } from '../../measure/measure.js';
import { openClient } from '../open-client.js';
import { placeOf } from '../place.js';
import { measurementJson, measurementLines } from '../render/measurement.js';
import { currentTerminal } from '../terminal.js';
import { verb } from '../verb.js';

const DEFAULT_COUNT = 10_000;

export const run = verb(async (settings, signal, output) => {
  const { count = DEFAULT_COUNT, concurrency = 1, json } = settings;
  await using open = await openClient(settings, signal);
  const measurement = await measure(open.client, { count, concurrency, signal });
  const lines = json
    ? [measurementJson(placeOf(settings).fields, measurement)]
    : measurementLines(measurement, currentTerminal());
  await output.deliver(`${lines.join('\n')}\n`);
  return Object.keys(measurement.failures).length === 0 ? EXIT.done : EXIT.failed;
});
