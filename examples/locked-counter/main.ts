/**
 * locked-counter: three processes add to every cell of a shared array, under a lock, or with --no-lock without it
 * Mechanism: shared memory, and a lock made of semaphores
 * Start: npm run example locked-counter, or to see the damage: npm run example -- locked-counter --no-lock
 *
 * To add is to read, to compute and to write. Who reads while another one computes writes a result that lacks the other's
 * addition: that is a race, and the lock is what keeps the three steps together.
 */
import { EventFlag, Lock, SharedMemory } from '@timeq/mq-native';
import { startChild, untilDone, untilReady } from '../parts/child.js';
import { Misuse, prepareProgram } from '../parts/program.js';
import { removeAtExit } from '../parts/remove-at-exit.js';

const ADDERS = 3;
const ROUNDS = 50;
const CELLS = 10;

prepareProgram();
const options = process.argv.slice(2);
const locked = options[0] !== '--no-lock';
if (options.length > (locked ? 0 : 1)) throw new Misuse('The only option is --no-lock.');

const lock = removeAtExit(Lock.createPrivate());
const start = removeAtExit(EventFlag.createPrivate());
using segment = removeAtExit(SharedMemory.createPrivate({ bytes: CELLS * Uint32Array.BYTES_PER_ELEMENT }));
const cells = segment.view(Uint32Array, { length: CELLS });

const ids = [segment.id, lock.id, start.id];
const adders = Array.from({ length: ADDERS }, () =>
  startChild(new URL('./adder.js', import.meta.url), [...ids, CELLS, ROUNDS, locked ? 'lock' : 'no-lock']),
);
// All start at the same time, or they would not race.
await Promise.all(adders.map(untilReady));
start.set();
await Promise.all(adders.map(untilDone));

const expected = ADDERS * ROUNDS;
const lost = cells.reduce((sum, found) => sum + expected - found, 0);
console.log(
  `${ADDERS} processes added 1 to each of ${CELLS} cells ${ROUNDS} times ${locked ? 'under' : 'without'} a lock`,
);
console.log(`expected: ${expected} in every cell`);
console.log(`found:    ${cells.join(' ')}`);
console.log(lost === 0 ? 'no addition is lost' : `${lost} additions are lost`);
if (locked) console.log('Without the lock: npm run example -- locked-counter --no-lock');
