import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { remarkOnClassic } from '../notes.js';
import { openClient } from '../open-client.js';
import { answerWriter, isVerbatim } from '../render/answer-text.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output) => {
  await using open = await openClient(settings, signal);
  const write = await answerWriter(settings);
  const answer = await open.client.now({ signal });
  await output.deliver(`${write(answer)}\n`);
  if (answer.dialect === 'classic' && !isVerbatim(settings)) await remarkOnClassic();
  return EXIT.done;
});
