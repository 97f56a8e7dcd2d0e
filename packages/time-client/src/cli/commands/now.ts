import { answerWriter, isVerbatim } from '../render/answer-text.js';
import { TimeClient } from '../../client/time-client.js';
import { EXIT } from '../exit-codes.js';
import { print, remarkOnClassic } from '../output.js';
import type { Settings } from '../settings.js';

/** `time-client now` */
export async function now(settings: Settings, signal: AbortSignal): Promise<number> {
  const client = TimeClient.connect(settings.key, settings);
  try {
    const write = await answerWriter(settings);
    const answer = await client.now({ signal });
    print(write(answer));
    if (answer.dialect === 'classic' && !isVerbatim(settings)) await remarkOnClassic();
    return EXIT.done;
  } finally {
    client.close();
  }
}
