/**
 * Addressed requests from one process, so many in flight.
 *   time-client.js KEY COUNT IN_FLIGHT   prints {"perSecond":requests}
 */
import { TimeClient } from '@timeq/time-client';

const [key, count, inFlight] = process.argv.slice(2).map(Number) as [number, number, number];

using client = TimeClient.connect(key);
await client.now();
let sent = 0;
const start = performance.now();
await Promise.all(
  Array.from({ length: inFlight }, async () => {
    while (sent < count) {
      sent++;
      await client.now();
    }
  }),
);
console.log(JSON.stringify({ perSecond: (count / (performance.now() - start)) * 1000 }));
