/**
 * worker-pool: tasks go through a queue to three workers and results come back; a worker that is killed loses none
 * Mechanism: message queues, a message type for each worker
 * Start: npm run example worker-pool, or to see a worker being killed: npm run example -- worker-pool --kill
 *
 * A task may be done twice, if its worker is killed between the work and its report, but it is never lost: work that is
 * handed out this way ("at least once") must do no harm when it is repeated.
 */
import { MessageQueue } from '@timeq/mq-native';
import { startChild, untilEnded } from '../parts/child.js';
import { Misuse, prepareProgram } from '../parts/program.js';
import { removeAtExit } from '../parts/remove-at-exit.js';
import { Dispatcher } from './dispatcher.js';
import { ENDED, type Report, type Task } from './messages.js';

const WORKERS = 3;
const TASKS = 12;
const CRASHING_TASK = 4;

prepareProgram();
const options = process.argv.slice(2);
const kill = options[0] === '--kill';
if (options.length > (kill ? 1 : 0)) throw new Misuse('The only option is --kill.');

const tasks = removeAtExit(MessageQueue.createPrivate());
const results = removeAtExit(MessageQueue.createPrivate());
const work = Array.from({ length: TASKS }, (_, index): Task => {
  const task = index + 1;
  return { task, below: task * 100_000, crash: kill && task === CRASHING_TASK };
});

const living = new Map<number, ReturnType<typeof startChild>>();
let started = 0;
for (let index = 0; index < WORKERS; index++) startWorker();

await new Dispatcher(tasks, results, work).run(startWorker);

const workers = [...living];
living.clear();
for (const [worker] of workers) await tasks.send(worker, '');
// Their exit codes do not matter: every task has its result.
await Promise.all(workers.map(([, child]) => untilEnded(child)));
console.log(`all ${TASKS} tasks are done`);

function startWorker(): void {
  const worker = ++started;
  const child = startChild(new URL('./worker.js', import.meta.url), [worker, tasks.id, results.id]);
  living.set(worker, child);
  console.log(`worker ${worker} (pid ${child.pid}) is started`);
  child.once('exit', () => {
    // The parent knows when a child has ended. Of unrelated workers a semaphore would tell (SEM_UNDO, see Liveness).
    if (living.delete(worker)) void results.send(ENDED, JSON.stringify({ worker } satisfies Report));
  });
}
