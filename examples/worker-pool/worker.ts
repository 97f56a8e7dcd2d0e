/** A worker of `worker-pool`: does its tasks one after another until its end marker arrives. */
import { MessageQueue, type Message } from '@timeq/mq-native';
import { endWithParent } from '../parts/child.js';
import { READY, RESULT, type Report, type Task } from './messages.js';
import { countPrimes } from './primes.js';

endWithParent();
const [worker, tasksId, resultsId] = process.argv.slice(2).map(Number) as [number, number, number];
const tasks = MessageQueue.fromId(tasksId);
const results = MessageQueue.fromId(resultsId);

await report(READY, { worker });
for await (const message of tasks.messages({ type: worker })) {
  const task = readTask(message);
  if (task === undefined) break;
  if (task.crash) process.kill(process.pid, 'SIGKILL');
  await report(RESULT, { worker, task: task.task, primes: countPrimes(task.below) });
}

/** @returns undefined for the end marker */
function readTask({ body }: Message): Task | undefined {
  return body.length === 0 ? undefined : (JSON.parse(body.toString()) as Task);
}

async function report(type: number, content: Report): Promise<void> {
  await results.send(type, JSON.stringify(content));
}
