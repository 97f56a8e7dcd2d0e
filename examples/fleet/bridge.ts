import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KEY, STREAM } from './messages.js';

/** How long it waits before it starts a bridge again that did not reach NATS, in milliseconds; systemd does the same. */
const TRY_AGAIN = 200;

/** The exit codes if there is no NATS server, or if it ends before the bridge moves messages. */
const NATS_IS_DOWN: readonly unknown[] = [3, 4];

/** How often it looks whether it has ended, in milliseconds. */
const LOOK = 20;

const COMMAND = fileURLToPath(
  new URL('bin/timeq-bridge.js', import.meta.resolve('@timeq/bridge/package.json')),
);
const QUEUE = `0x${KEY.toString(16)}`;

/** A `timeq-bridge out` that is started again whenever it has ended. */
export class Bridge {
  readonly #words: readonly string[];
  readonly #killed: () => void;
  #process: ChildProcess | undefined;
  #moves = false;
  #killsToCome = 0;
  #stopping = false;

  /** @param killed is called when it was killed */
  constructor(host: string, url: string, killed: () => void) {
    this.#words = ['out', QUEUE, '--stream', STREAM, '--subject', `fleet.${host}.{type}`, '--server', url];
    this.#killed = killed;
    process.on('exit', () => this.#process?.kill('SIGKILL'));
    this.#start();
  }

  /** Kills it with `kill -9`: now if it moves messages, otherwise as soon as it does. */
  kill(): void {
    this.#killsToCome += 1;
    this.#killIfDue();
  }

  /** Ends it. @returns whether no message is left in its slots; otherwise it is started again */
  async stop(): Promise<boolean> {
    while (!this.#moves || this.#killsToCome > 0) await delay(LOOK);
    this.#stopping = true;
    this.#process?.kill('SIGTERM');
    while (this.#process !== undefined) await delay(LOOK);
    const { stdout } = spawnSync(process.execPath, [COMMAND, 'status', QUEUE, '--json'], {
      encoding: 'utf8',
    });
    const { bridges } = JSON.parse(stdout) as { bridges: { held: number }[] };
    if (bridges.every(({ held }) => held === 0)) return true;
    this.#stopping = false;
    this.#start();
    return false;
  }

  #start(): void {
    const child = spawn(process.execPath, [COMMAND, ...this.#words], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let said = '';
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.includes('messages go from queue')) return;
      this.#moves = true;
      this.#killIfDue();
    });
    child.once('exit', (code, signal) => {
      this.#process = undefined;
      this.#moves = false;
      const killed = signal === 'SIGKILL';
      if (killed) this.#killed();
      else if (code !== 0 && !NATS_IS_DOWN.includes(code)) process.stderr.write(said);
      if (!this.#stopping) setTimeout(() => this.#start(), killed ? 0 : TRY_AGAIN);
    });
  }

  #killIfDue(): void {
    if (!this.#moves || this.#killsToCome === 0) return;
    this.#killsToCome -= 1;
    this.#moves = false;
    this.#process?.kill('SIGKILL');
  }
}
