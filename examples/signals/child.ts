/** The child of `signals`: signals its parent after a pause, and then waits to be ended. */
import { setTimeout as pause } from 'node:timers/promises';
import { endWithParent } from '../parts/child.js';

// Read now: process.ppid changes when the parent dies.
const parent = process.ppid;
endWithParent();
await pause(Number(process.argv[2]));
console.log(`child (pid ${process.pid}): sends SIGUSR2 to its parent (pid ${parent})`);
process.kill(parent, 'SIGUSR2');
setInterval(() => undefined, 1000);
