import { jsonText } from '@timeq/cli-kit/text/escape';
import { formatKey } from '@timeq/mq-native';
import { TimeClient } from '../../client/time-client.js';
import { EXIT } from '../exit-codes.js';
import { print } from '../output.js';
import type { Settings } from '../settings.js';

/** `time-client stop` */
export async function stop(settings: Settings, signal: AbortSignal): Promise<number> {
  const client = TimeClient.connect(settings.key, settings);
  const key = formatKey(settings.key);
  try {
    await client.stop({ signal });
    print(settings.json ? jsonText({ key, stopped: true }) : stoppedSentence(key));
    return EXIT.done;
  } finally {
    client.close();
  }
}

/** What is so once a stop is done. */
export function stoppedSentence(key: string): string {
  return `The time server at key ${key} has stopped, and its queue is gone.`;
}
