import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { formatKey } from '@timeq/mq-native';
import { waitForServer } from '../../client/wait-for-server.js';
import { verb } from '../verb.js';

export const run = verb(async ({ key, ask, timeout, json }, signal, output) => {
  const start = performance.now();
  const { dialect } = await waitForServer(key, { ask, timeout, signal });
  const waitedMilliseconds = Math.round(performance.now() - start);
  const text = json
    ? JSON.stringify({ key: formatKey(key), dialect, waitedMilliseconds })
    : `the time server at key ${formatKey(key)} answers`;
  await output.deliver(`${text}\n`);
  return EXIT.done;
});
