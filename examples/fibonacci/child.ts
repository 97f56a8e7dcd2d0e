/** The child of `fibonacci`: prints as many numbers as its command line says. */
import { endWithParent } from '../parts/child.js';
import { fibonacci } from './sequence.js';

endWithParent();
const sequence = [...fibonacci(Number(process.argv[2]))];
console.log(`child (pid ${process.pid}): ${sequence.length === 0 ? 'nothing' : sequence.join(', ')}`);
