import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { atEnd } from './cleanup.js';
import { deadline } from './deadline.js';

export interface StartOptions {
  /** Variables to add to the test's environment; undefined removes one. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Written to standard input, which is then closed. Without it, standard input stays open until `endInput`. */
  readonly input?: string | Buffer;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that a test started. It is killed when the test ends. */
export class RunningProcess {
  readonly pid: number;
  /** What it has written so far. */
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #exit: Promise<Exit>;
  readonly #name: string;
  #ended = false;
  readonly #changes = new EventEmitter();
  readonly #seen = { stdout: 0, stderr: 0 };

  constructor(command: string, commandArguments: readonly string[], options: StartOptions) {
    this.#name = [command, ...commandArguments].join(' ').slice(0, 200);
    this.#child = spawn(command, commandArguments, {
      env: environment(options.env),
      cwd: options.cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.pid = this.#child.pid ?? 0;
    this.#collect('stdout', this.#child.stdout);
    this.#collect('stderr', this.#child.stderr);
    // A process may end without reading its input (EPIPE).
    this.#child.stdin?.on('error', () => undefined);
    if (options.input !== undefined) this.#child.stdin?.end(options.input);
    this.#exit = this.#waitForExit();
    // A caller that awaits exit() sees the failure; without one, the rejection must not end the test.
    this.#exit.catch(() => undefined);
  }

  /**
   * Waits for output that matches, behind the last match on the same
   * stream, and resolves with the match. Rejects with all output if the process ends first.
   */
  async waitFor(pattern: RegExp | string, stream: 'stdout' | 'stderr' = 'stdout'): Promise<RegExpExecArray> {
    const expression =
      typeof pattern === 'string' ? new RegExp(escape(pattern)) : new RegExp(pattern, pattern.flags);
    return await deadline(this.#search(expression, stream), () =>
      this.#describe(`${expression} on ${stream}`),
    );
  }

  /** Waits for the next whole line and resolves with it, without the newline. */
  async nextLine(stream: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    const match = await this.waitFor(/(.*)\r?\n/, stream);
    return match[1] ?? '';
  }

  /** Waits until the process ends. Rejects only if the command could not be started, or hangs. */
  async exit(): Promise<Exit> {
    return await deadline(this.#exit, () => this.#describe('its end'));
  }

  write(input: string | Buffer): void {
    this.#child.stdin?.write(input);
  }

  endInput(): void {
    this.#child.stdin?.end();
  }

  /** Stops reading one of its outputs and closes the pipe, like `| head`. */
  closeOutput(stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.#child[stream]?.destroy();
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Sends a signal, and waits until the process ends. */
  async killed(signal?: NodeJS.Signals): Promise<Exit> {
    this.kill(signal);
    return await this.exit();
  }

  /** Kills the process and waits until it is gone. */
  async end(): Promise<void> {
    if (this.#child.pid === undefined) return;
    this.kill('SIGKILL');
    // Not 'close': a child of this process may still hold its output open.
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  #collect(stream: 'stdout' | 'stderr', source: Readable | null): void {
    source?.setEncoding('utf8').on('data', (text: string) => {
      this[stream] += text;
      this.#changes.emit('change');
    });
  }

  async #search(expression: RegExp, stream: 'stdout' | 'stderr'): Promise<RegExpExecArray> {
    for (;;) {
      const match = expression.exec(this[stream].slice(this.#seen[stream]));
      if (match !== null) {
        this.#seen[stream] += match.index + match[0].length;
        return match;
      }
      if (this.#ended) throw new Error(this.#describe(`it ended without ${expression} on ${stream}`));
      await once(this.#changes, 'change');
    }
  }

  async #waitForExit(): Promise<Exit> {
    try {
      const [code, signal] = (await once(this.#child, 'close')) as [number | null, NodeJS.Signals | null];
      return { code, signal, stdout: this.stdout, stderr: this.stderr };
    } finally {
      this.#ended = true;
      this.#changes.emit('change');
    }
  }

  #describe(what: string): string {
    return `${this.#name} (pid ${this.pid}): ${what}\n--- stdout\n${this.stdout}\n--- stderr\n${this.stderr}\n---\n`;
  }
}

/** Starts a command, which is killed when the test ends. */
export function start(
  t: TestContext,
  command: string,
  commandArguments: readonly string[] = [],
  options: StartOptions = {},
): RunningProcess {
  const running = new RunningProcess(command, commandArguments, options);
  atEnd(t, () => running.end());
  return running;
}

/** Runs a command to its end. Its input is empty unless `input` is given. */
export async function run(
  t: TestContext,
  command: string,
  commandArguments: readonly string[] = [],
  options: StartOptions = {},
): Promise<Exit> {
  return await start(t, command, commandArguments, { input: '', ...options }).exit();
}

function environment(extra: StartOptions['env'] = {}): NodeJS.ProcessEnv {
  // Without the variables for the test runner's own children, those that colour or instrument the output, and the one
  // that slows down each start of Node.js (scripts/test.js).
  const {
    NODE_TEST_CONTEXT: _context,
    NODE_OPTIONS: _options,
    FORCE_COLOR: _color,
    NODE_EXTRA_CA_CERTS: _certificates,
    ...inherited
  } = process.env;
  assert.doesNotMatch(extra['LD_PRELOAD'] ?? '', /\//, 'a path may have a space: use preloaded()');
  return { ...inherited, ...extra };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
