/**
 * An addressed client of a time server that asks so often a second.
 *   paced-client.js KEY PER_SECOND COUNT PID   prints {"client":…,"server":…}
 * What it uses itself and what the server, which is PID, uses meanwhile, in per cent of a core.
 */
import { TimeClient } from '@timeq/time-client';
import { paced } from '../paced.js';
import { usageOf } from '../process-usage.js';

const WARM_UP = 3000;
const [key = 0, perSecond = 1, count = 0, pid = 0] = process.argv.slice(2).map(Number);

using client = TimeClient.connect(key);
for (let i = 0; i < WARM_UP; i++) await client.now();
// Both have been busy, and are to be as one finds them when little is to be done.
await paced(perSecond, 20, () => client.now());
const before = usageOf([pid]);
const start = performance.now();
const own = await paced(perSecond, count, () => client.now());
const server = (usageOf([pid]).cpu - before.cpu) / (performance.now() - start) / 10;
console.log(JSON.stringify({ client: own, server }));
