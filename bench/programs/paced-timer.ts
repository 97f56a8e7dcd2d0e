/**
 * The cost of a timer of Node.js that fires at a fixed rate and does nothing.
 *   paced-timer.js PER_SECOND COUNT   prints {"client":…}, in per cent of a core
 */
import { paced } from '../paced.js';

const [perSecond = 1, count = 0] = process.argv.slice(2).map(Number);
console.log(JSON.stringify({ client: await paced(perSecond, count, () => Promise.resolve()) }));
