import { emitKeypressEvents, type Key } from 'node:readline';
import { AlternateScreen, type ScreenSize } from './alternate-screen.js';
import { keyName } from './keys.js';

const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** What a screen shows, and does. */
interface ScreenProgram {
  /** The lines of the screen, from its top. */
  draw(size: ScreenSize): readonly string[];
  /** A key was pressed: its name, as `keyName` has it. The screen is drawn again after it. */
  press(key: string, size: ScreenSize): void;
  /** Ctrl-C, another signal that ends programs, or SIGHUP if the terminal is gone. */
  end(signal: NodeJS.Signals): void;
}

/**
 * A program on the terminal's alternate screen: keys, changes of size, Ctrl-Z and `fg`, signals. The terminal is as it
 * was once this is disposed, while the process is stopped, and after a crash.
 */
export class LiveScreen implements Disposable {
  readonly #program: ScreenProgram;
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  readonly #screen: AlternateScreen;

  constructor(
    program: ScreenProgram,
    input: NodeJS.ReadStream = process.stdin,
    output: NodeJS.WriteStream & { readonly fd: number } = process.stdout,
  ) {
    this.#program = program;
    this.#input = input;
    this.#output = output;
    this.#screen = new AlternateScreen(input, output);
    for (const signal of ENDING_SIGNALS) process.on(signal, this.#onSignal);
    process.on('SIGTSTP', this.#suspend);
    process.on('SIGCONT', this.#resume);
    output.on('resize', this.#onResize);
    // Keys come from a terminal only; piped input belongs to another program.
    if (!input.isTTY) return;
    emitKeypressEvents(input);
    input.on('keypress', this.#onKey).on('error', this.#onHangUp).on('end', this.#onHangUp);
    input.resume();
  }

  [Symbol.dispose](): void {
    for (const signal of ENDING_SIGNALS) process.off(signal, this.#onSignal);
    process.off('SIGTSTP', this.#suspend);
    process.off('SIGCONT', this.#resume);
    this.#output.off('resize', this.#onResize);
    this.#input.off('keypress', this.#onKey).off('error', this.#onHangUp).off('end', this.#onHangUp);
    this.#input.pause();
    this.#screen[Symbol.dispose]();
  }

  /** Draws what has changed. */
  draw(): void {
    this.#screen.draw(this.#program.draw(this.#screen.size));
  }

  readonly #onSignal = (signal: NodeJS.Signals): void => this.#program.end(signal);

  readonly #onHangUp = (): void => this.#program.end('SIGHUP');

  readonly #onResize = (): void => {
    this.#screen.clear();
    this.draw();
  };

  readonly #suspend = (): void => {
    this.#screen.leave();
    process.kill(process.pid, 'SIGSTOP');
  };

  readonly #resume = (): void => {
    // After a SIGSTOP from elsewhere, it has not left; a shell may have changed the modes.
    this.#screen.leave();
    this.#screen.enter();
    this.draw();
  };

  readonly #onKey = (text: string | undefined, pressed: Key): void => {
    const key = keyName(text, pressed);
    if (key === 'ctrl-z') return this.#suspend();
    if (key === 'ctrl-c') return this.#program.end('SIGINT');
    this.#program.press(key, this.#screen.size);
    this.draw();
  };
}
