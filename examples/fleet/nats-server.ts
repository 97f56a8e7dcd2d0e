import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { untilEnded } from '../parts/child.js';
import { Failure } from '../parts/program.js';

/** Debian installs it where the PATH of most users does not lead. */
const COMMANDS = ['nats-server', '/usr/sbin/nats-server'];

/** A nats-server with JetStream, with a port of its own, and its files in a folder. It ends with this process. */
export class NatsServer {
  readonly version: string;
  readonly #command: string;
  readonly #port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;
  /** How often it was killed. */
  kills = 0;

  private constructor(installed: Installed, port: number, folder: string) {
    this.version = installed.version;
    this.#command = installed.command;
    this.#port = port;
    this.#folder = folder;
    process.on('exit', () => this.#process?.kill('SIGKILL'));
  }

  /** @throws Failure if it is not installed */
  static async start(folder: string): Promise<NatsServer> {
    const server = new NatsServer(findInstalled(), await freePort(), folder);
    await server.#start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** Kills it with `kill -9`, and starts it again with the same files. */
  async killAndRestart(): Promise<void> {
    const old = this.#process;
    if (old === undefined) return;
    old.kill('SIGKILL');
    await untilEnded(old);
    this.kills += 1;
    await this.#start();
  }

  async #start(): Promise<void> {
    const where = ['--addr', '127.0.0.1', '--port', String(this.#port)];
    const words = [...where, '--jetstream', '--store_dir', join(this.#folder, 'streams')];
    // Ctrl-C on the terminal must not end it before its clients.
    const child = spawn(this.#command, words, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    this.#process = child;
    const lines = createInterface({ input: child.stderr });
    for await (const line of lines) {
      if (!line.includes('Server is ready')) continue;
      // The rest of its log must not fill the pipe.
      child.stderr.resume();
      return;
    }
    throw new Failure(`${this.#command} ended before it was ready.`);
  }
}

interface Installed {
  readonly command: string;
  readonly version: string;
}

function findInstalled(): Installed {
  for (const command of COMMANDS) {
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.trim() };
  }
  throw new Failure(
    'This example needs nats-server; install it with "apt install nats-server", or from https://nats.io/download.',
  );
}

/** Below the ports that the kernel chooses by itself, so that it stays free while the server is down. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const probe = createServer();
    try {
      await once(probe.listen(port, '127.0.0.1'), 'listening');
      return port;
    } catch {
      // Another program has it.
    } finally {
      probe.close();
    }
  }
}
