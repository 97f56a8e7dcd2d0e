import type { Interruption } from '@timeq/cli-kit/signals/interruption';
import { formatKey, type Key } from '@timeq/mq-native';
import type { Log } from '../log.js';

/** A bridge of either direction. */
interface Bridge {
  stop(): void;
  run(): Promise<number>;
}

/** Runs a bridge until a signal stops it, and reports the result. A second Ctrl-C ends it at once. */
export async function runUntilStopped(
  bridge: Bridge,
  interruption: Interruption,
  key: Key,
  log: Log,
): Promise<void> {
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
  const held = await bridge.run();
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
