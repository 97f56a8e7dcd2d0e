/**
 * integers: you type integers, and another process prints them, until 0
 * Mechanism: message queue
 * Start: npm run example integers
 *
 * One queue carries both ways: integers have one message type, and the printer's answers another, so that neither side
 * takes its own messages. The queue is private (it has no key); the child is told its id.
 */
import { MessageQueue } from '@timeq/mq-native';
import { untilDone, startChild } from '../parts/child.js';
import { parseInteger } from '../parts/integer.js';
import { prepareProgram } from '../parts/program.js';
import { removeAtExit } from '../parts/remove-at-exit.js';
import { Terminal } from '../parts/terminal.js';
import { INTEGER, PRINTED } from './message-types.js';

prepareProgram();
const queue = removeAtExit(MessageQueue.createPrivate());
const printer = startChild(new URL('./printer.js', import.meta.url), [queue.id]);
// No code awaits this yet: if the printer ends early, this program fails at once.
const printerDone = untilDone(printer);

using terminal = new Terminal();
for (let integer: number | undefined; integer !== 0;) {
  const answer = (await terminal.ask('An integer, or 0 to end: ')) ?? '0';
  integer = parseInteger(answer);
  if (integer === undefined) {
    console.log(`"${answer}" is not an integer (or too large a one). Please try again.`);
    continue;
  }
  await queue.send(INTEGER, String(integer));
  if (integer !== 0) await queue.receive({ type: PRINTED });
}
await printerDone;
queue.close();
