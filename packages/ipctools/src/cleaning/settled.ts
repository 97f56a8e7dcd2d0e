import { setTimeout as sleep } from 'node:timers/promises';
import { lastUsed, type IpcObject } from '../model/ipc-object.js';

/** The kernel's clock for objects moves with its ticks: so much behind the wall clock. */
const TICK_MILLISECONDS = 20;

/**
 * Object times have whole seconds. What was used in the second that is running may be used again in it, and no time would
 * show that: waits until that second is over.
 * @returns whether it has waited, so that the objects have to be listed anew
 */
export async function untilSettled(objects: readonly IpcObject[]): Promise<boolean> {
  const now = Date.now();
  const second = Math.floor((now - TICK_MILLISECONDS) / 1000);
  // A time further in the future is one from before the clock was set back.
  const unsettled = objects.map(lastUsed).filter((time) => time === second || time === second + 1);
  if (unsettled.length === 0) return false;
  await sleep(Math.max(...unsettled) * 1000 + 1000 + TICK_MILLISECONDS - now);
  return true;
}
