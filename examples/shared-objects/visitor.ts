/**
 * shared-objects: a visitor, who finds the manager and changes the objects that it holds
 * Mechanism: manager process and proxies, over message queues
 * Start: npm run example shared-objects visitor Anna (in another terminal than the manager)
 */
import { Misuse, prepareProgram } from '../parts/program.js';
import { RpcClient } from '../rpc/rpc-client.js';
import { sharedList, sharedMap } from './proxy.js';

const VISITS = 100;

prepareProgram();
const [name, path = import.meta.dirname] = process.argv.slice(2);
if (name === undefined || name === '') throw new Misuse('Who visits? Give a name, such as Anna.');

using manager = new RpcClient(path);
const visits = sharedMap(manager, 'visits');
const guests = sharedList(manager, 'guests');

await guests.push({ name, pid: process.pid });
let all = 0;
for (let visit = 0; visit < VISITS; visit++) {
  await visits.add(name, 1);
  // With get and set in its place, another visitor's set could come in between, and visits would be lost.
  all = await visits.add('all', 1);
}
console.log(`${name} (pid ${process.pid}): of ${all} visits so far, ${VISITS} are mine`);
