import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd } from './cleanup.js';
import { skipOrFail } from './commands.js';
import { root } from './node.js';
import { RunningProcess, type Exit } from './process.js';
import { untilStopped } from './threads.js';

/** A release of nats-server that tests run against. */
export interface NatsRelease {
  /** Such as `2.9.10`. */
  readonly version: string;
  readonly command: string;
}

/** Where scripts/other-nats-server unpacks those of other Debian releases. */
const folder = join(root, 'build', 'nats-server');

/** Every release that is here: that of this machine first, and those beside it. */
export const natsReleases: readonly NatsRelease[] = [
  'nats-server',
  ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, 'nats-server')) : []),
].flatMap((command) => {
  const { stdout, status } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  const version = /v(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
  return status === 0 && version !== undefined ? [{ version, command }] : [];
});

/** For a test's `skip` option: false if there is a nats-server; throws where CI is set. */
export function skipWithoutNats(): string | false {
  return natsReleases.length > 0 ? false : skipOrFail('nats-server is not installed (Debian: nats-server)');
}

export interface NatsOptions {
  /** The one of this machine. */
  readonly release?: NatsRelease | undefined;
  /** More lines of its configuration: users, permissions, TLS. */
  readonly configuration?: string;
  /** Whether streams are there, in the server's own folder; false. */
  readonly jetstream?: boolean;
}

/** A nats-server of a test's own, on a port and in a folder of its own. It ends with the test. */
export class NatsServer {
  readonly port: number;
  /** Its folder, for the files that belong to it. */
  readonly folder: string;
  readonly #command: string;
  #process: RunningProcess | undefined;

  constructor(port: number, folderOfServer: string, command: string) {
    this.port = port;
    this.folder = folderOfServer;
    this.#command = command;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Starts it, at the same port and with the same streams as before. */
  async start(): Promise<void> {
    this.#process = new RunningProcess(this.#command, ['-c', join(this.folder, 'nats.conf')], {
      cwd: this.folder,
    });
    await this.#process.waitFor('Server is ready', 'stderr');
  }

  /** Ends it by a signal, and waits until it is gone. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit | undefined> {
    const running = this.#process;
    this.#process = undefined;
    running?.kill(signal);
    return await running?.exit();
  }

  /** Stops it (SIGSTOP): it answers nothing until `thaw`. */
  async freeze(): Promise<void> {
    this.#process?.kill('SIGSTOP');
    await untilStopped(this.pid);
  }

  /** Lets it go on (SIGCONT). */
  thaw(): void {
    this.#process?.kill('SIGCONT');
  }
}

/** Starts a nats-server of the test's own. */
export async function startNats(t: TestContext, options: NatsOptions = {}): Promise<NatsServer> {
  const { release = natsReleases[0], configuration = '', jetstream = false } = options;
  const home = mkdtempSync(join(tmpdir(), 'timeq-nats-'));
  const server = new NatsServer(await freePort(), home, release?.command ?? 'nats-server');
  atEnd(t, async () => {
    await server.end();
    rmSync(home, { recursive: true, force: true });
  });
  writeFileSync(
    join(home, 'nats.conf'),
    [
      `listen: "127.0.0.1:${server.port}"`,
      ...(jetstream ? [`jetstream { store_dir: ${JSON.stringify(join(home, 'streams'))} }`] : []),
      configuration,
    ].join('\n'),
  );
  await server.start();
  return server;
}

/** Below the ports that the kernel hands out by itself, so that it is still free when a server comes back to it. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const probe = createServer();
    try {
      await once(probe.listen(port, '127.0.0.1'), 'listening');
      return port;
    } catch {
      // Taken: another one.
    } finally {
      probe.close();
    }
  }
}
