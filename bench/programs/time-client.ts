/**
 * Addressed requests of one process, IN_FLIGHT of them at the same time.
 *   time-client.js KEY COUNT IN_FLIGHT   prints {"perSecond":requests} of the second half; the first half warms up
 */
import { TimeClient } from '@timeq/time-client';

const [key, count, inFlight] = process.argv.slice(2).map(Number) as [number, number, number];

using client = TimeClient.connect(key);

async function ask(requests: number): Promise<void> {
  let sent = 0;
  const one = async (): Promise<void> => {
    while (sent < requests) {
      sent++;
      await client.now();
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
}

await ask(count);
const start = performance.now();
await ask(count);
console.log(JSON.stringify({ perSecond: (count / (performance.now() - start)) * 1000 }));
