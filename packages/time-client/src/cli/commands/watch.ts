import { answerWriter, isVerbatim } from '../render/answer-text.js';
import { watchTime } from '../../client/watch-time.js';
import { EXIT } from '../exit-codes.js';
import { print, remark, remarkOnClassic } from '../output.js';
import type { Settings } from '../settings.js';

/** `time-client watch` */
export async function watch(settings: Settings, signal: AbortSignal): Promise<number> {
  const write = await answerWriter(settings);
  let remarked = isVerbatim(settings);
  try {
    for await (const event of watchTime(settings.key, { ...settings, signal })) {
      switch (event.kind) {
        case 'time':
          print(write(event.answer));
          if (event.answer.dialect === 'classic' && !remarked) {
            remarked = true;
            await remarkOnClassic();
          }
          break;
        case 'back':
          remark('the time server is back');
          break;
        case 'late':
          remark(event.error.message);
          break;
        case 'gone':
          remark(`${event.error.message}; waiting for one (Ctrl-C to end)`);
          break;
      }
    }
  } catch (error) {
    if (signal.reason !== 'SIGINT') throw error;
  }
  return EXIT.done;
}
