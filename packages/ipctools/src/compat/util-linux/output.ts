import { escapeText } from '@timeq/cli-kit/text/escape';
import { fstatSync, writeSync } from 'node:fs';
import { codeOf } from '../../failure.js';

const STDOUT = 1;
const STDERR = 2;

/** Characters that are collected before they are written: large enough that system calls don't count. */
const CHUNK = 1 << 16;

/**
 * The exit code that a shell reports for a process that died of SIGPIPE, as the originals do when their reader goes
 * away.
 */
const KILLED_BY_SIGPIPE = 128 + 13;

/**
 * Standard output and standard error of a program, as the C library buffers them. Text is one character per byte
 * (latin1), so that names in any encoding pass through unchanged.
 */
export class Output {
  readonly program: string;
  /** Whether standard output may be a terminal. */
  readonly interactive = isDevice(STDOUT);
  #pending = '';
  #failure: string | undefined;

  constructor(program: string) {
    this.program = program;
  }

  write(text: string): void {
    this.#pending += text;
    if (this.#pending.length >= CHUNK) this.#flush();
  }

  /** One line on standard error that begins with the program's name. */
  warn(message: string): void {
    // On a terminal both streams are one, and are read in order.
    if (this.interactive) this.#flush();
    this.#writeError(`${this.program}: ${harmless(message)}\n`);
  }

  /** Points to `--help`, as the originals do after every mistake in usage. */
  tryHelp(): void {
    this.#writeError(`Try '${this.program} --help' for more information.\n`);
  }

  /** Writes the rest. Returns the exit code: the given one, unless standard output could not be written. */
  async close(exitCode: number): Promise<number> {
    this.#flush();
    if (this.#failure === undefined) return exitCode;
    if (this.#failure === 'EPIPE') return KILLED_BY_SIGPIPE;
    this.warn(`write error: ${await errorTextOf(this.#failure)}`);
    return 1;
  }

  #flush(): void {
    const text = this.#pending;
    this.#pending = '';
    if (this.#failure !== undefined || text === '') return;
    try {
      writeWhole(STDOUT, text);
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined) throw error;
      this.#failure = code;
    }
  }

  #writeError(text: string): void {
    try {
      writeWhole(STDERR, text);
    } catch (error) {
      // Standard error has no reader either.
      if (codeOf(error) === undefined) throw error;
    }
  }
}

/** A message may quote a word from another user. Bytes that are not UTF-8 stay as they are. */
function harmless(message: string): string {
  const text = Buffer.from(message, 'latin1').toString('utf8');
  const escaped = escapeText(text);
  return escaped === text ? message : bytewise(escaped);
}

function writeWhole(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      // Another program made the pipe non-blocking: its reader needs a moment.
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Whether it may be a terminal. node:tty would know, but takes longer to load than the rest of the program. */
function isDevice(descriptor: number): boolean {
  return fstatSync(descriptor).isCharacterDevice();
}

/** One character per byte (latin1): what C programs measure, cut and complain about. */
export function bytewise(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/**
 * The C library's text for an error code. It is loaded only for an error: it comes with the addon, which may be the
 * missing part, and then the code is its own text.
 */
export async function errorTextOf(code: string): Promise<string> {
  try {
    return (await import('@timeq/mq-native/libc')).errorText(code);
  } catch {
    return code;
  }
}
