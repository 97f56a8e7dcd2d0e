/**
 * formatter: a child process wraps every text that it is sent in "Ni!"
 * Mechanism: two-way pipe
 * Start: npm run example formatter, or with texts of your own: npm run example formatter "a shrubbery"
 *
 * An empty message is answered with an error, which the child sends through the same pipe. One child serves many requests: to start a Node.js process takes a thousand times as long as to
 * write to its pipe.
 */
import { LineChild } from '../parts/line-child.js';
import { Misuse, prepareProgram } from '../parts/program.js';
import { NOTHING_TO_FORMAT } from './answers.js';

prepareProgram();
const given = process.argv.slice(2);
const texts =
  given.length > 0 ? given : ['Bring us a shrubbery', 'One that looks nice', 'And not too expensive'];
if (texts.some((text) => /[\r\n]/.test(text)))
  throw new Misuse('A text is one line: leave the line breaks out.');

const formatter = new LineChild(new URL('./child.js', import.meta.url));
for (const text of texts) {
  const answer = await formatter.exchange(text);
  if (answer !== NOTHING_TO_FORMAT) console.log(answer);
  else {
    console.error(answer);
    process.exitCode = 1;
  }
}
await formatter.end();
