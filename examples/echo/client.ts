/**
 * echo: a client that sends every line that you type and prints what comes back, until the input ends
 * Mechanism: TCP socket
 * Start: npm run example echo client, after the server
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { Failure, prepareProgram } from '../parts/program.js';
import { Terminal } from '../parts/terminal.js';
import { HOST, parsePort } from './address.js';

prepareProgram();
const port = parsePort(process.argv[2]);
const connection = connect(port, HOST);
connection.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'ECONNREFUSED') {
    throw new Failure(`No server listens on ${HOST}:${port}: start "npm run example echo server" first.`);
  }
  throw new Failure(`The connection failed: ${error.message}`);
});
await once(connection, 'connect');

// TCP carries bytes, not messages: a line may arrive in pieces, or together with another. The reader splits them into lines.
const answers = createInterface({ input: connection })[Symbol.asyncIterator]();
using terminal = new Terminal();
for (;;) {
  const line = await terminal.ask('A line (Ctrl-D ends): ');
  if (line === undefined) break;
  connection.write(`${line}\n`);
  const answer = await answers.next();
  if (answer.done === true) throw new Failure('The server has gone.');
  console.log(`echo: ${answer.value}`);
}
connection.end();
