import { formatKey } from '@timeq/mq-native';
import { TimeClient } from '../../client/time-client.js';
import { EXIT } from '../exit-codes.js';
import { print } from '../output.js';
import type { Settings } from '../settings.js';
import { statusJson, statusLines } from '../render/status-text.js';

/** `time-client status` */
export async function status(settings: Settings, signal: AbortSignal): Promise<number> {
  const client = TimeClient.connect(settings.key, settings);
  try {
    const answer = await client.status({ signal });
    if (settings.json) {
      print(statusJson(settings.key, answer));
    } else {
      print(`Time server at key ${formatKey(settings.key)}`);
      for (const line of statusLines(answer)) print(line);
    }
    return EXIT.done;
  } finally {
    client.close();
  }
}
