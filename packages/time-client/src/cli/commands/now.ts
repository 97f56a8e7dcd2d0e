import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { TimeClient } from '../../client/time-client.js';
import { remarkOnClassic } from '../notes.js';
import { answerWriter, isVerbatim } from '../render/answer-text.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output) => {
  using client = TimeClient.connect(settings.key, settings);
  const write = await answerWriter(settings);
  const answer = await client.now({ signal });
  await output.deliver(`${write(answer)}\n`);
  if (answer.dialect === 'classic' && !isVerbatim(settings)) await remarkOnClassic();
  return EXIT.done;
});
