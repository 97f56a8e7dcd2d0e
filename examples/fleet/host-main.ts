/** A host: its queue, its sender and its bridge, which it starts again whenever it has ended. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageQueue } from '@timeq/mq-native';
import { endWithParent } from '../parts/child.js';
import { Failure, prepareProgram } from '../parts/program.js';
import { Bridge } from './bridge.js';
import { FINISH, KEY, KILL, type Report } from './messages.js';

/** How often it looks whether its queue is empty, in milliseconds. */
const LOOK = 50;

const [name = '', url = '', command = '', file = '', messages = ''] = process.argv.slice(2);

prepareProgram();
endWithParent();

// The kernel removes it, and the slots, with the namespace, after its last process.
const queue = MessageQueue.create(KEY);
const bridge = new Bridge(name, url, () => tell({ kind: 'killed' }));
const finish = new Promise<void>((resolve) => {
  process.on('message', (message) => {
    if (message === KILL) bridge.kill();
    if (message === FINISH) resolve();
  });
});

const sender = spawn(command, [file, messages], { stdio: ['ignore', 'ignore', 'pipe'] });
process.on('exit', () => sender.kill('SIGKILL'));
const [said, [code]] = await Promise.all([text(sender.stderr), once(sender, 'exit')]);
if (code !== 0) throw new Failure(`The sender of ${name} failed: ${said}`);
tell({ kind: 'sent', messages: Number(messages) });
await finish;

do {
  while (queue.stat().messages > 0) await delay(LOOK);
} while (!(await bridge.stop()));
process.exit();

function tell(report: Report): void {
  process.send?.(report, undefined, undefined, () => undefined);
}
