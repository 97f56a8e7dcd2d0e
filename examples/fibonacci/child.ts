/** The child of `fibonacci`: prints the sequence up to the index on its command line, and sleeps for as many seconds. */
import { setTimeout as pause } from 'node:timers/promises';
import { endWithParent } from '../parts/child.js';
import { fibonacci } from './sequence.js';

endWithParent();
const [last, seconds] = process.argv.slice(2).map(Number) as [number, number];
console.log(`child (pid ${process.pid}, parent ${process.ppid}): ${[...fibonacci(last)].join(', ')}`);
if (seconds > 0) {
  console.log(`child (pid ${process.pid}): sleeps for ${seconds} s; "ps ax" shows it, and its parent`);
  await pause(seconds * 1000);
}
