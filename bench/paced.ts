import { setTimeout as delay } from 'node:timers/promises';

/** Calls a function at a fixed rate. @returns this process's CPU usage meanwhile, in per cent of a core */
export async function paced(perSecond: number, count: number, work: () => Promise<unknown>): Promise<number> {
  const step = 1000 / perSecond;
  const before = process.cpuUsage();
  const start = performance.now();
  for (let i = 1; i <= count; i++) {
    await delay(Math.max(1, start + i * step - performance.now()));
    await work();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (performance.now() - start) / 10;
}
