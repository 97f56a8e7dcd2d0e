/**
 * named-pipe: the reader, who makes the pipe and prints what comes through it, until "end"
 * Mechanism: named pipe (FIFO)
 * Start: npm run example named-pipe reader, then the writer in another terminal; a path of your own may follow
 *
 * Opened for reading and writing, for two reasons: to open it for reading alone waits for a writer, and it would end
 * with every writer that leaves. What Node.js waits for is the event loop's (net.Socket), not a thread of the file system's pool.
 */
import { constants, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { prepareProgram } from '../parts/program.js';
import { fifoPath, makeFifo } from './fifo.js';

prepareProgram({ server: true });
const path = fifoPath(process.argv[2]);
makeFifo(path);
process.on('exit', () => rmSync(path, { force: true }));

const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
const pipe = new Socket({ fd, readable: true, writable: false });
console.log(`reader (pid ${process.pid}): reads ${path}`);
for await (const line of createInterface({ input: pipe })) {
  if (line === 'end') break;
  console.log(`reader: ${line}`);
}
pipe.destroy();
