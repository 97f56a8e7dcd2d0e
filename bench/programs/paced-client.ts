/**
 * An addressed client of a time server that sends requests at a fixed rate.
 *   paced-client.js KEY PER_SECOND COUNT PID   prints {"client":…,"server":…}
 * The figures are the CPU usage of the client and of the server, which is process PID, in per cent of a core.
 */
import { TimeClient } from '@timeq/time-client';
import { paced } from '../paced.js';
import { usageOf } from '../process-usage.js';

const WARM_UP = 3000;
const [key = 0, perSecond = 1, count = 0, pid = 0] = process.argv.slice(2).map(Number);

using client = TimeClient.connect(key);
for (let i = 0; i < WARM_UP; i++) await client.now();
// Both were busy: let them become idle before measuring.
await paced(perSecond, 20, () => client.now());
const before = usageOf([pid]);
const start = performance.now();
const own = await paced(perSecond, count, () => client.now());
const server = (usageOf([pid]).cpu - before.cpu) / (performance.now() - start) / 10;
console.log(JSON.stringify({ client: own, server }));
