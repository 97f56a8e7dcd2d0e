/**
 * Addressed requests from one process, so many in flight.
 *   time-client.js KEY COUNT IN_FLIGHT   prints {"perSecond":requests} of the second half: as many go before, untimed
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
