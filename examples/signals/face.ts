/**
 * signals: Ctrl-C is caught and prints a face; the third one ends the program
 * Mechanism: signals
 * Start: npm run example signals face
 */
const FACE = '}:-)';
const TIMES = 3;

// Waiting for a signal alone does not keep a program alive.
const alive = setInterval(() => undefined, 60_000);
let caught = 0;
process.on('SIGINT', () => {
  console.log(FACE);
  caught += 1;
  if (caught === TIMES) clearInterval(alive);
});
console.log(`pid ${process.pid}: press Ctrl-C (or kill -INT ${process.pid}) ${TIMES} times`);
