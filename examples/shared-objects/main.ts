/**
 * shared-objects: a manager holds maps and lists, and unrelated processes change them through proxies
 * Mechanism: manager process and proxies, over message queues
 * Start: npm run example shared-objects
 *
 * Starts a manager and three visitors, and shows what the manager holds at the end. manager.ts and visitor.ts can also
 * be started by hand, in terminals of their own: nothing but a path connects them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilDone, startChild, untilReady } from '../parts/child.js';
import { prepareProgram } from '../parts/program.js';
import { RpcClient } from '../rpc/rpc-client.js';
import { sharedList, sharedMap } from './proxy.js';

prepareProgram();
const path = mkdtempSync(join(tmpdir(), 'timeq-shared-objects-'));
process.on('exit', () => rmSync(path, { recursive: true, force: true }));

const manager = startChild(new URL('./manager.js', import.meta.url), [path]);
await untilReady(manager);

const visitors = ['Anna', 'Ben', 'Cleo'].map((name) =>
  startChild(new URL('./visitor.js', import.meta.url), [name, path]),
);
await Promise.all(visitors.map(untilDone));

using client = new RpcClient(path);
for (const [name, visits] of await sharedMap(client, 'visits').entries()) {
  console.log(`visits of ${name}: ${JSON.stringify(visits)}`);
}
console.log(`guests: ${(await sharedList(client, 'guests').all()).length}`);
manager.kill();
