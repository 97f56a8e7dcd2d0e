import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { until } from '../helpers/deadline.js';
import { startExample } from './example.js';

/** Whether a process runs: an ended process whose parent does not wait for it is a zombie. */
function runs(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

/** Whether its own program runs: it has loaded the addon by then. */
function waits(pid: number): boolean {
  return readFileSync(`/proc/${pid}/maps`, 'latin1').includes('mq_native.node');
}

for (const [signal, when] of [
  ['SIGKILL', 'while it starts'],
  ['SIGKILL', 'when it waits'],
  ['SIGTERM', 'when it waits'],
] as const) {
  test(`a child does not outlive a parent that ${signal} ends ${when}`, async (t) => {
    const example = startExample(t, ['signals', '60000']);
    const [, parent, child] = await example.waitFor(/parent \(pid (\d+)\): .* its child \(pid (\d+)\)/);
    if (when === 'when it waits') await until(() => waits(Number(child)), 'the pause of the child');
    process.kill(Number(parent), signal);
    await until(() => !runs(Number(child)), 'the end of the child');
    await example.exit();
  });
}
