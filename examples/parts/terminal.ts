import { createInterface, type Interface } from 'node:readline';

/** Asks on the terminal. Works from a pipe or a file as well, where all answers come at once. */
export class Terminal implements Disposable {
  readonly #interface: Interface;
  readonly #lines: AsyncIterator<string>;
  #inputEnded = false;

  constructor() {
    this.#interface = createInterface({ input: process.stdin, output: process.stdout });
    // Keeps the lines that arrive while no question is open; question() of readline/promises loses them.
    this.#lines = this.#interface[Symbol.asyncIterator]();
    this.#interface.on('close', () => (this.#inputEnded = true));
    // On a terminal readline takes Ctrl-C as a key, and no signal is sent.
    this.#interface.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  }

  /** @returns the answer without spaces around it, undefined at the end of the input (Ctrl-D) */
  async ask(question: string): Promise<string | undefined> {
    if (this.#inputEnded) {
      // Lines can still be waiting for their questions.
      process.stdout.write(question);
    } else {
      this.#interface.setPrompt(question);
      this.#interface.prompt();
    }
    const line = await this.#lines.next();
    if (line.done !== true) return line.value.trim();
    // The cursor is still behind the question.
    process.stdout.write('\n');
    return undefined;
  }

  [Symbol.dispose](): void {
    this.#interface.close();
  }
}
