import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import type { TimeAnswer } from '../../client/answers.js';
import { waitForServer } from '../../client/wait-for-server.js';
import { placeOf } from '../place.js';
import type { Settings } from '../settings.js';
import { verb } from '../verb.js';

export const run = verb(async (settings, signal, output) => {
  const start = performance.now();
  const { dialect } = await answer(settings, signal);
  const waitedMilliseconds = Math.round(performance.now() - start);
  const { fields, text } = placeOf(settings);
  const line = settings.json
    ? JSON.stringify({ ...fields, dialect, waitedMilliseconds })
    : `the time server at ${text} answers`;
  await output.deliver(`${line}\n`);
  return EXIT.done;
});

async function answer({ key, nats, ask, timeout }: Settings, signal: AbortSignal): Promise<TimeAnswer> {
  if (nats === undefined) return await waitForServer(key, { ask, timeout, signal });
  const { waitOverNats } = await import('../../nats/wait-over-nats.js');
  return await waitOverNats(nats.connection, { subject: nats.subject, timeout, signal });
}
