/**
 * named-pipe: a writer, who sends every line that you type to the reader; "end" ends both
 * Mechanism: named pipe (FIFO)
 * Start: npm run example named-pipe writer, after the reader; several at once are all right
 *
 * Lines of different writers do not mix as long as each is written at once and has at most 4096 bytes (PIPE_BUF).
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { Failure, prepareProgram } from '../parts/program.js';
import { Terminal } from '../parts/terminal.js';
import { fifoPath, isFifo } from './fifo.js';

const PIPE_BUF = 4096;

prepareProgram();
const path = fifoPath(process.argv[2]);
const pipe = open();

using terminal = new Terminal();
for (;;) {
  const line = await terminal.ask('A line, or end: ');
  if (line === undefined) break;
  const bytes = Buffer.from(`${line}\n`);
  if (bytes.length > PIPE_BUF) console.log(`That line is too long: at most ${PIPE_BUF - 1} bytes, please.`);
  else write(bytes);
  if (line === 'end') break;
}
closeSync(pipe);

function open(): number {
  // Without this check, this would write into a regular file at the path.
  if (!isFifo(path)) throw noReader();
  try {
    // O_NONBLOCK: without a reader, open fails (ENXIO) instead of blocking: fifo(7).
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENXIO' ? noReader() : error;
  }
}

function write(bytes: Buffer): void {
  try {
    writeSync(pipe, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPIPE') throw new Failure('The reader has gone.');
    if (code === 'EAGAIN') throw new Failure('The pipe is full: its reader has stopped reading.');
    throw error;
  }
}

function noReader(): Failure {
  return new Failure(`${path} has no reader: start "npm run example named-pipe reader" first.`);
}
