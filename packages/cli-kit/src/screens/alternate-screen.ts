import { writeSync } from 'node:fs';

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[H\u001b[2J';
const LEAVE = '\u001b[?25h\u001b[?1049l';

/** Columns and rows of a terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The terminal's alternate screen, without a cursor, with each key as it is pressed. Whatever ends the process, except
 * SIGKILL, the terminal is restored: an exit and an uncaught exception also call `leave`.
 */
export class AlternateScreen implements Disposable {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream & { readonly fd: number };
  readonly #leave = (): void => this.leave();
  #entered = false;
  #shown: readonly string[] = [];

  constructor(
    input: NodeJS.ReadStream = process.stdin,
    output: NodeJS.WriteStream & { readonly fd: number } = process.stdout,
  ) {
    this.#input = input;
    this.#output = output;
    // The stack trace of an uncaught exception comes after this, on the normal screen.
    process.on('exit', this.#leave);
    this.enter();
  }

  get size(): ScreenSize {
    const { columns, rows } = this.#output;
    return { columns: columns || 80, rows: rows || 24 };
  }

  enter(): void {
    if (this.#entered) return;
    this.#entered = true;
    if (this.#input.isTTY) this.#input.setRawMode(true);
    this.#write(ENTER);
    this.#shown = [];
  }

  /** Restores the terminal. */
  leave(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#write(LEAVE);
    try {
      if (this.#input.isTTY) this.#input.setRawMode(false);
    } catch {
      // The terminal is gone.
    }
  }

  /** Draws the lines that are different from those on the screen; each is cleared first, as it may fill the row. */
  draw(lines: readonly string[]): void {
    if (!this.#entered) return;
    const text = lines.map((line, index) =>
      line === this.#shown[index] ? '' : `\u001b[${index + 1};1H\u001b[K${line}`,
    );
    // Before it is written: a failed write leaves nothing on the screen.
    this.#shown = lines;
    this.#write(text.join(''));
  }

  /** Forgets what is on the screen: after a change of size everything is drawn again. */
  clear(): void {
    if (this.#entered) this.#write('\u001b[2J');
    this.#shown = [];
  }

  [Symbol.dispose](): void {
    this.leave();
    process.off('exit', this.#leave);
  }

  // Synchronous, because nothing else works while the process exits.
  #write(text: string): void {
    if (text === '') return;
    try {
      const bytes = Buffer.from(text);
      if (writeSync(this.#output.fd, bytes) < bytes.length) this.#shown = [];
    } catch {
      // The terminal is gone, or takes nothing now; the next frame comes soon.
      this.#shown = [];
    }
  }
}
