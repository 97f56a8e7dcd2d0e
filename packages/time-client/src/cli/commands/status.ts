import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { remarkOnZone } from '../notes.js';
import { openClient } from '../open-client.js';
import { placeOf } from '../place.js';
import { statusJson, statusLines } from '../render/status-text.js';
import { currentTerminal } from '../terminal.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output) => {
  await using open = await openClient(settings, signal);
  const place = placeOf(settings);
  const answer = await open.client.status({ signal });
  if (!settings.json) await remarkOnZone();
  const lines = settings.json
    ? [statusJson(place.fields, answer)]
    : [`Time server at ${place.text}`, ...statusLines(answer, currentTerminal())];
  await output.deliver(`${lines.join('\n')}\n`);
  return EXIT.done;
});
