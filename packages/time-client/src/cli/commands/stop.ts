import { UsageError } from '@timeq/cli-kit/args/usage-error';
import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { jsonText } from '@timeq/cli-kit/text/escape';
import { formatKey } from '@timeq/mq-native';
import { TimeClient } from '../../client/time-client.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output) => {
  if (settings.nats !== undefined) {
    throw new UsageError(
      "over NATS there may be many servers, and stop can't know which one you mean: `time-client compare` lists them",
    );
  }
  const key = formatKey(settings.key);
  using client = TimeClient.connect(settings.key, settings);
  await client.stop({ signal });
  await output.deliver(`${settings.json ? jsonText({ key, stopped: true }) : stoppedSentence(key)}\n`);
  return EXIT.done;
});

/** The result of a stop. */
export function stoppedSentence(key: string): string {
  return `The time server at key ${key} has stopped, and its queue is gone.`;
}
