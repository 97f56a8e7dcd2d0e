/**
 * What a timer that fires so often a second costs Node.js, with nothing behind it.
 *   paced-timer.js PER_SECOND COUNT   prints {"client":…}, in per cent of a core
 */
import { paced } from '../paced.js';

const [perSecond = 1, count = 0] = process.argv.slice(2).map(Number);
console.log(JSON.stringify({ client: await paced(perSecond, count, () => Promise.resolve()) }));
