import type { Interruption } from '@timeq/cli-kit/signals/interruption';
import { formatKey, type Key } from '@timeq/mq-native';
import { BridgeError } from '../bridge-error.js';
import type { Log } from '../log.js';
import { RemovalWatch } from './removal-watch.js';
import type { SlotStore } from '../slots/slot-store.js';

/** A bridge of either direction. */
interface Bridge {
  stop(): void;
  run(): Promise<number>;
}

interface Running {
  readonly store: SlotStore;
  readonly interruption: Interruption;
  readonly key: Key;
  readonly log: Log;
  /** Makes a bridge that goes on with what is in the slots. */
  readonly start: () => Promise<Bridge>;
}

/** Runs a bridge until a signal stops it, and reports the result. A second Ctrl-C ends it at once. */
export async function runUntilStopped(
  first: Bridge,
  { store, interruption, key, log, start }: Running,
): Promise<void> {
  let bridge = first;
  const stop = (): void => {
    const reason = interruption.name === 'SIGINT' ? 'Ctrl-C' : (interruption.name ?? '');
    log({ level: 'info', event: 'stopping', message: `stopping: ${reason}`, details: { reason } });
    bridge.stop();
  };
  if (interruption.signal.aborted) stop();
  interruption.signal.addEventListener('abort', stop);
  interruption.second.addEventListener('abort', () => {
    // Messages in slots stay there.
    process.exit(interruption.exitCode);
  });
  let held = await runKeeping(bridge, store, log);
  while (!interruption.signal.aborted) {
    const next = await startAgain(start, log);
    if (next === undefined) continue;
    bridge = next;
    if (interruption.signal.aborted) stop();
    held = await runKeeping(bridge, store, log);
  }
  const name = formatKey(key);
  log({
    level: 'info',
    event: 'stopped',
    message:
      held === 0
        ? 'stopped; no message is left on its way'
        : `stopped; ${held} messages are kept in slots until the bridge is started again (see \`timeq-bridge slots ${name}\`)`,
    details: { held },
  });
}

/** Starts a bridge within the process of another one. @returns undefined if the server does not answer now */
async function startAgain(start: Running['start'], log: Log): Promise<Bridge | undefined> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof BridgeError) || error.code !== 'TIMED_OUT') throw error;
    log({ level: 'warning', event: 'waiting', message: `${error.message}; trying again`, details: {} });
    return undefined;
  }
}

/** Runs a bridge, and afterwards has its slots in a segment that stays, even if the first one was removed. */
async function runKeeping(bridge: Bridge, store: SlotStore, log: Log): Promise<number> {
  const watch = new RemovalWatch(store, () => {
    bridge.stop();
  });
  try {
    return await bridge.run();
  } finally {
    watch.end();
    if (store.isRemoved) {
      const segment = store.renew();
      const held = store.held.length;
      log({
        level: 'warning',
        event: 'slots-removed',
        message: `the segment with the slots was removed; they are in segment ${segment} now, with ${held} messages on their way`,
        details: { segment, held },
      });
    }
  }
}
