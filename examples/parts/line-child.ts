import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { untilDone } from './child.js';
import { Failure } from './program.js';

/** A child process that answers every line on its standard input with a line on its standard output. */
export class LineChild {
  readonly #child: ChildProcess;
  readonly #input: NodeJS.WritableStream;
  readonly #answers: AsyncIterator<string>;

  constructor(url: URL) {
    const child = spawn(process.execPath, [fileURLToPath(url)], { stdio: ['pipe', 'pipe', 'inherit'] });
    process.on('exit', () => child.kill());
    // If the child has died, the missing answer reports it.
    child.stdin.on('error', () => undefined);
    this.#child = child;
    this.#input = child.stdin;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /**
   * A pipe carries bytes and knows no messages: here the end of a line ends one. The text must not have one inside.
   * @throws Failure if the child ends in place of an answer
   */
  async exchange(line: string): Promise<string> {
    this.#input.write(`${line}\n`);
    const answer = await this.#answers.next();
    if (answer.done !== true) return answer.value;
    await untilDone(this.#child);
    throw new Failure('The child ended without an answer.');
  }

  /** Closes the pipe, which is the child's signal to end, and waits until it has. */
  async end(): Promise<void> {
    this.#input.end();
    await untilDone(this.#child);
  }
}
