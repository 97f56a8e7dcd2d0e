/**
 * signals: Ctrl-C is caught and prints a face; the third one ends the program
 * Mechanism: signals
 * Start: npm run example signals face
 */
const FACES = [':-)', ':-|', ':-('];

// Waiting for a signal alone does not keep a program alive.
const alive = setInterval(() => undefined, 60_000);
let caught = 0;
process.on('SIGINT', () => {
  console.log(` ${FACES[caught]}`);
  caught += 1;
  if (caught === FACES.length) clearInterval(alive);
});
console.log(`pid ${process.pid}: press Ctrl-C (or kill -INT ${process.pid}) ${FACES.length} times`);
