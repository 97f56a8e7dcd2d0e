/** Small writes are gathered up to this many characters. */
const CHUNK = 64 * 1024;

/** The reader of standard output has closed it (`| head`): no more output is wanted. */
export class ReaderGone extends Error {
  override readonly name = 'ReaderGone';
}

/** Standard output can't be written: a disk is full. */
export class OutputFailure extends Error {
  override readonly name = 'OutputFailure';
}

/** Standard output as a stream that waits for its reader, so that a long table never piles up in memory. */
export class Output {
  readonly #stream: NodeJS.WritableStream;
  #gathered = '';

  constructor(stream: NodeJS.WritableStream = process.stdout) {
    this.#stream = stream;
    // Each write reports its own failure; without a listener the same one would also end the program.
    stream.on('error', () => {});
  }

  /** Adds text; resolves at once while there is room. @throws ReaderGone */
  write(text: string): Promise<void> | undefined {
    this.#gathered += text;
    return this.#gathered.length < CHUNK ? undefined : this.flush();
  }

  /** Writes everything that was gathered and waits until it is written. @throws ReaderGone */
  async flush(): Promise<void> {
    const text = this.#gathered;
    this.#gathered = '';
    if (text !== '') await this.deliver(text);
  }

  /** Writes at once, and resolves when the system has it. @throws ReaderGone, OutputFailure */
  deliver(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error?: NodeJS.ErrnoException | null) => {
        if (!error) resolve();
        else if (error.code === 'EPIPE')
          reject(new ReaderGone('the reader of standard output has closed it'));
        else reject(new OutputFailure(`the output could not be written: ${error.message}`, { cause: error }));
      });
    });
  }
}
