import { EXIT } from '@timeq/cli-kit/exit/exit-codes';
import { Interruption } from '@timeq/cli-kit/signals/interruption';
import { formatKey, type Key } from '@timeq/mq-native';
import { connect, type ConnectionSettings, type NatsConnection } from '@timeq/nats';
import { formatMessages } from '../format-messages.js';
import { BridgeError } from '../bridge-error.js';
import type { Log, LogEvent } from '../log.js';
import type { SlotStore } from '../slots/slot-store.js';
import { Permissions } from './permissions.js';
import { serviceManager } from './service-manager.js';

/** A bridge of either direction. */
interface Bridge {
  stop(): void;
  run(): Promise<number>;
}

interface BridgeCommand {
  readonly direction: 'in' | 'out';
  readonly key: Key;
  readonly store: SlotStore;
  readonly settings: ConnectionSettings;
  readonly json: boolean;
  /** Makes a bridge that goes on with what is in the slots. */
  readonly start: (connection: NatsConnection, log: Log) => Promise<Bridge>;
  /** What the log says once the bridge runs. */
  readonly started: () => Pick<LogEvent, 'message' | 'details'>;
}

/** Connects, and runs a bridge until a signal stops it. A second Ctrl-C ends it at once. @returns the exit code */
export async function runUntilStopped(command: BridgeCommand): Promise<number> {
  const { direction, key, store, settings, json, start, started } = command;
  const name = formatKey(key);
  using interruption = new Interruption();
  using manager = serviceManager(json);
  const log: Log = (event) => manager.hear(event);
  const { signal } = interruption;
  const connection = await connect(settings, { name: `timeq-bridge ${direction} ${name}`, signal });
  let bridge: Bridge | undefined;
  const permissions = new Permissions(connection, () => bridge?.stop());
  try {
    bridge = await start(connection, log);
    log({ level: 'info', event: 'started', ...started() });
    const stop = (): void => {
      const reason = interruption.name === 'SIGINT' ? 'Ctrl-C' : (interruption.name ?? '');
      log({ level: 'info', event: 'stopping', message: `stopping: ${reason}`, details: { reason } });
      bridge?.stop();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    // Messages in slots stay there.
    interruption.second.addEventListener('abort', () => process.exit(interruption.exitCode));
    let held = await runKeeping(bridge, store, log);
    permissions.check();
    while (!signal.aborted) {
      const next = await startAgain(() => start(connection, log), log);
      if (next === undefined) continue;
      bridge = next;
      if (signal.aborted) stop();
      held = await runKeeping(bridge, store, log);
      permissions.check();
    }
    const left = `its slots keep ${formatMessages(held)} until it is started again (see \`timeq-bridge slots ${name}\`)`;
    const message = `stopped; ${held === 0 ? 'no message is in flight' : left}`;
    log({ level: 'info', event: 'stopped', message, details: { held } });
    return EXIT.done;
  } catch (error) {
    // The connection reports what is forbidden at the same time.
    await new Promise(setImmediate);
    permissions.check();
    throw error;
  } finally {
    await connection.close();
  }
}

/** Starts a bridge within the process of another one. @returns undefined if the server does not answer now */
async function startAgain(start: () => Promise<Bridge>, log: Log): Promise<Bridge | undefined> {
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
  store.removal.begin(() => bridge.stop());
  try {
    return await bridge.run();
  } finally {
    store.removal.end();
    if (store.isRemoved) {
      const segment = store.renew();
      const held = store.held.length;
      log({
        level: 'warning',
        event: 'slots-removed',
        message: `the segment with the slots was removed; they are in segment ${segment} now, with ${formatMessages(held)} in flight`,
        details: { segment, held },
      });
    }
  }
}
