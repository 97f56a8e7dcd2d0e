/** The child of `spam`: writes as many messages as its command line says, each interval longer than the one before. */
import { setTimeout as pause } from 'node:timers/promises';

const [count, step] = process.argv.slice(2).map(Number) as [number, number];
// The parent has ended and needs no more messages.
process.stdout.on('error', () => process.exit());
for (let index = 0; index < count; index++) {
  await pause(index * step);
  console.log(`Spam ${String(index).padStart(3, '0')}`);
}
