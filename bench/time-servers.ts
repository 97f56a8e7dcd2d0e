import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MessageQueue } from '@timeq/mq-native';
import { compiled } from './compile.js';
import { python } from './contender.js';
import { onCpus } from './cpus.js';
import { ifInterrupted, own } from './leftovers.js';

/** A time server under test: how to start it; its starter also stops it. */
export interface TimeServer {
  readonly name: string;
  start(key: number): Promise<StopServer>;
}

/** Stops the running server, whose pid it holds. */
type StopServer = (() => Promise<void>) & { readonly pid: number };

function stopBy(child: ChildProcess, stop: () => Promise<void>): StopServer {
  return Object.assign(stop, { pid: child.pid ?? 0 });
}

const source = (name: string): string => fileURLToPath(new URL(`../programs/${name}`, import.meta.url));
const cli = fileURLToPath(new URL('../../packages/time-server/bin/time-server.js', import.meta.url));

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
}

/** A server of the exercise's kind serves an existing queue, and stops at a message of type 2. */
function classic(name: string, command: (key: number) => string[]): TimeServer {
  return {
    name,
    start(key) {
      const queue = MessageQueue.create(key);
      ifInterrupted(() => {
        queue.remove();
      });
      const child = own(spawn(...onCpus(2, command(key)), { stdio: ['ignore', 'ignore', 'inherit'] }));
      const stop = async (): Promise<void> => {
        await queue.send(2, '');
        await ended(child);
        queue.remove();
      };
      return Promise.resolve(stopBy(child, stop));
    },
  };
}

export const cServer = classic('C', (key) => [compiled('time_server'), 'serve', String(key), '0', '0']);
/** Whether it also replies at the client's own type. */
export const cAddressedServer = classic('C', (key) => [compiled('many_clients'), 'serve', String(key)]);
export const pythonServer = classic('Python', (key) => [python, source('time_server.py'), String(key)]);

export const timeqServer: TimeServer = {
  name: 'Timeq',
  async start(key) {
    const command = [process.execPath, cli, '--key', key];
    const child = own(spawn(...onCpus(2, command), { stdio: ['ignore', 'pipe', 'inherit'] }));
    await once(child.stdout, 'data');
    child.stdout.resume();
    return stopBy(child, async () => {
      child.kill('SIGTERM');
      await ended(child);
    });
  },
};
