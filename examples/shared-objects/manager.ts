/**
 * shared-objects: a manager that holds maps and lists for other processes, until Ctrl-C
 * Mechanism: manager process and proxies, over message queues
 * Start: npm run example shared-objects manager
 *
 * Only the manager has the objects, and it does one call after the other: that is what keeps them whole. The path is
 * where visitors find it; without one it is the example's own folder.
 */
import { sayReady, endWithParent } from '../parts/child.js';
import { prepareProgram } from '../parts/program.js';
import { RpcServer } from '../rpc/rpc-server.js';
import { heldObjects } from './held-objects.js';

prepareProgram({ server: true });
endWithParent();
const path = process.argv[2] ?? import.meta.dirname;
const server = RpcServer.open(path);
console.log(`manager (pid ${process.pid}): holds the objects at ${path}; Ctrl-C ends it`);
sayReady();
await server.run(heldObjects());
