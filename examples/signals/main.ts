/**
 * signals: a child process signals its parent after five seconds, and the parent then ends the child
 * Mechanism: signals
 * Start: npm run example signals, or with the pause in milliseconds: npm run example signals 200
 *
 * A signal says that something happened, and nothing else: it carries no bytes, and two of a kind can arrive as one.
 * SIGUSR2 is free for programs; SIGUSR1 is not in Node.js, where it starts the debugger.
 */
import { once } from 'node:events';
import { startChild } from '../parts/child.js';
import { parseInteger } from '../parts/integer.js';
import { Failure, Misuse, prepareProgram } from '../parts/program.js';

prepareProgram();
const text = process.argv[2] ?? '5000';
const pause = parseInteger(text);
if (pause === undefined || pause < 0 || pause > 60_000) {
  throw new Misuse(`"${text}" is no pause. Give milliseconds from 0 to 60000.`);
}

// Installed before the child starts: without a handler the signal would end this process.
const signalled = once(process, 'SIGUSR2');
const child = startChild(new URL('./child.js', import.meta.url), [pause]);
const childEnded = once(child, 'exit');

console.log(`parent (pid ${process.pid}): waits for a signal of its child (pid ${child.pid})`);
const [first] = (await Promise.race([signalled, childEnded])) as [unknown];
if (first !== 'SIGUSR2') throw new Failure('The child ended without a signal.');

console.log('parent: got SIGUSR2, and ends the child with SIGTERM');
child.kill('SIGTERM');
await childEnded;
console.log(`parent: the child was ended by ${child.signalCode ?? 'no signal'}`);
