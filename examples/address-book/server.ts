/**
 * address-book: the server, which keeps the entries in an SQLite file, until Ctrl-C
 * Mechanism: remote procedure call over message queues, and a database
 * Start: npm run example address-book server, before the clients; a path of your own may follow
 *
 * This process alone opens the file, and does one request after the other: clients that write at once take turns without
 * knowing it. An entry is on the disk before its client is told so; when the server is killed, SQLite's journal takes
 * back what was half done, and the kernel lowers the server's semaphore, so that clients notice and a new server may
 * start. node:sqlite begins with Node.js 22.5; this SQLite is WebAssembly and runs with every Node.js.
 */
import { prepareProgram } from '../parts/program.js';
import { RpcServer } from '../rpc/rpc-server.js';
import { Book } from './book.js';
import { createBookFile, bookPath } from './path.js';
import { bookProcedures } from './procedures.js';

prepareProgram({ server: true });
const path = bookPath(process.argv[2]);
createBookFile(path);
const server = RpcServer.open(path);
const book = Book.open(path);
process.on('exit', () => book.close());
console.log(`address-book (pid ${process.pid}): keeps ${path}, entries: ${book.count()}; Ctrl-C ends it`);
await server.run(bookProcedures(book));
