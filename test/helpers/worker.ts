import type { TestContext } from 'node:test';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { atEnd } from './cleanup.js';
import { deadline } from './deadline.js';

/** Starts a worker that ends with the test, even if the test fails first. Source text needs `eval: true`. */
export function startWorker(t: TestContext, source: string, options?: WorkerOptions): Worker {
  const worker = new Worker(source, options);
  atEnd(t, async () => {
    await deadline(worker.terminate(), 'the end of a worker');
  });
  return worker;
}
