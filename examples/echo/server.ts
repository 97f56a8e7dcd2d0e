/**
 * echo: a server that sends back whatever a client sends, until Ctrl-C
 * Mechanism: TCP socket
 * Start: npm run example echo server, then clients in other terminals; a port of your own may follow
 *
 * Many clients at once, on one thread. What a client does wrong ends its own connection and nothing else.
 */
import { createServer, type AddressInfo } from 'node:net';
import { Failure, prepareProgram } from '../parts/program.js';
import { HOST, parsePort } from './address.js';

prepareProgram({ server: true });
const port = parsePort(process.argv[2]);

// allowHalfOpen: a client that has finished sending may still wait for an answer.
const server = createServer({ allowHalfOpen: true }, (connection) => {
  const client = `${connection.remoteAddress}:${connection.remotePort}`;
  console.log(`${client} is connected`);
  connection.on('error', (error) => console.log(`${client}: ${error.message}`));
  connection.on('close', () => console.log(`${client} has gone`));
  // pipe() reads only as fast as the client takes its answers, so a client that reads nothing cannot fill memory.
  connection.pipe(connection);
});
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
  const reason = error.code === 'EACCES' ? 'may not be used' : 'is in use';
  throw new Failure(`Port ${port} ${reason}: give another one, such as 7070.`);
});
server.listen(port, HOST, () => {
  console.log(
    `echo (pid ${process.pid}): listens on ${HOST}:${(server.address() as AddressInfo).port}; Ctrl-C ends it`,
  );
});
