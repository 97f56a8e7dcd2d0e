import { setTimeout as sleep } from 'node:timers/promises';
import { lastUsed, type IpcObject } from '../model/ipc-object.js';

/** The kernel's clock for objects lags behind the wall clock by up to one tick. */
const TICK_MILLISECONDS = 20;

/**
 * Object times have whole seconds. An object that was used in the current second may be used again in it without a new
 * time: waits until that second is over.
 * @returns whether it waited, so that the objects have to be listed again
 */
export async function untilSettled(objects: readonly IpcObject[]): Promise<boolean> {
  const now = Date.now();
  const second = Math.floor((now - TICK_MILLISECONDS) / 1000);
  // A time further in the future is from before the clock was set back.
  const unsettled = objects.map(lastUsed).filter((time) => time === second || time === second + 1);
  if (unsettled.length === 0) return false;
  await sleep(Math.max(...unsettled) * 1000 + 1000 + TICK_MILLISECONDS - now);
  return true;
}
