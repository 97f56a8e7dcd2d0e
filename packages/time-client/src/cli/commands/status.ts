import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { formatKey } from '@timeq/mq-native';
import { TimeClient } from '../../client/time-client.js';
import { statusJson, statusLines } from '../render/status-text.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output) => {
  const { key, json } = settings;
  using client = TimeClient.connect(key, settings);
  const answer = await client.status({ signal });
  const lines = json
    ? [statusJson(key, answer)]
    : [`Time server at key ${formatKey(key)}`, ...statusLines(answer)];
  await output.deliver(`${lines.join('\n')}\n`);
  return EXIT.done;
});
