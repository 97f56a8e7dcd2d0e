import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { watchTime } from '../../client/watch-time.js';
import { openClient } from '../open-client.js';
import { remark, remarkOnClassic } from '../notes.js';
import { answerWriter, isVerbatim } from '../render/answer-text.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output) => {
  const write = await answerWriter(settings);
  let remarked = isVerbatim(settings);
  try {
    await using open = settings.nats === undefined ? undefined : await openClient(settings, signal);
    const client = open && { now: open.client.now.bind(open.client), close: () => undefined };
    const where = client === undefined ? settings.key : () => client;
    for await (const event of watchTime(where, { ...settings, signal })) {
      switch (event.kind) {
        case 'time':
          await output.deliver(`${write(event.answer)}\n`);
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
});
