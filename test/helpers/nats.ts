import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd } from './cleanup.js';
import { skipOrFail } from './commands.js';
import { temporaryFolder } from './folder.js';
import { root } from './node.js';
import { RunningProcess, type Exit } from './process.js';
import { untilStopped } from './threads.js';

/** A release of nats-server that tests run against. */
export interface NatsRelease {
  /** Such as `2.9.10`. */
  readonly version: string;
  readonly command: string;
}

/** Where scripts/other-nats-server unpacks the servers of other Debian releases. */
const folder = join(root, 'build', 'nats-server');

/** Every installed release: this machine's first, then the unpacked ones. */
export const natsReleases: readonly NatsRelease[] = [
  'nats-server',
  ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, 'nats-server')) : []),
].flatMap((command) => {
  const { stdout, status } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  const version = /v(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
  return status === 0 && version !== undefined ? [{ version, command }] : [];
});

/** For a test's `skip` option: false if nats-server is installed; throws in CI. */
export function skipWithoutNats(): string | false {
  return natsReleases.length > 0 ? false : skipOrFail('nats-server is not installed (Debian: nats-server)');
}

interface NatsOptions {
  /** This machine's own by default. */
  readonly release?: NatsRelease | undefined;
  /** Additional lines of its configuration: users, permissions, TLS. */
  readonly configuration?: string;
  /** Whether to enable JetStream, with its store in the server's folder; false by default. */
  readonly jetstream?: boolean;
}

/** A nats-server for one test, with its own port and folder. It ends with the test. */
export class NatsServer {
  readonly port: number;
  /** The folder for its files. */
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

  /** Starts it again, with the same port and streams. */
  async start(): Promise<void> {
    this.#process = new RunningProcess(this.#command, ['-c', join(this.folder, 'nats.conf')], {
      cwd: this.folder,
    });
    await this.#process.waitFor('Server is ready', 'stderr');
  }

  /** Ends it with a signal, and waits until the process is gone. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit | undefined> {
    const running = this.#process;
    this.#process = undefined;
    running?.kill(signal);
    return await running?.exit();
  }

  /** Stops it with SIGSTOP: it does not answer until `thaw`. */
  async freeze(): Promise<void> {
    this.#process?.kill('SIGSTOP');
    await untilStopped(this.pid);
  }

  /** Continues it with SIGCONT. */
  thaw(): void {
    this.#process?.kill('SIGCONT');
  }
}

/** Starts a nats-server for this test. */
export async function startNats(t: TestContext, options: NatsOptions = {}): Promise<NatsServer> {
  const { release = natsReleases[0], configuration = '', jetstream = false } = options;
  const home = temporaryFolder(t);
  const server = new NatsServer(await freePort(), home, release?.command ?? 'nats-server');
  atEnd(t, async () => {
    await server.end();
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

/** Below the kernel's ephemeral range (ip_local_port_range), so that it is still free when the server restarts. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    const probe = createServer();
    try {
      await once(probe.listen(port, '127.0.0.1'), 'listening');
      return port;
    } catch {
      // The port is in use; try another one.
    } finally {
      probe.close();
    }
  }
}
