/**
 * rpc: a procedure is called in another process as if it were here, add(5, 3), and so is one that fails
 * Mechanism: remote procedure call, as JSON-RPC 2.0 over two message queues
 * Start: npm run example rpc, or for a call of your own: npm run example rpc divide 22 7
 *
 * rpc-client.ts and rpc-server.ts are all that it takes, and serve `shared-objects` and `address-book` as well.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, untilReady } from '../parts/child.js';
import { prepareProgram } from '../parts/program.js';
import { RpcError, type Json } from './json-rpc.js';
import { RpcClient } from './rpc-client.js';

prepareProgram();
// A new path for each run, so that two runs do not share their queues.
const path = mkdtempSync(join(tmpdir(), 'timeq-rpc-'));
process.on('exit', () => rmSync(path, { recursive: true, force: true }));

const calculator = startChild(new URL('./calculator.js', import.meta.url), [path]);
await untilReady(calculator);

const [procedure, ...words] = process.argv.slice(2);
const calls: [string, ...Json[]][] =
  procedure === undefined
    ? [
        ['add', 5, 3],
        ['divide', 1, 0],
      ]
    : [[procedure, ...words.map(asParameter)]];

using client = new RpcClient(path);
for (const [name, ...parameters] of calls) {
  const text = `${name}(${parameters.map((each) => JSON.stringify(each)).join(', ')})`;
  try {
    console.log(`${text} = ${JSON.stringify(await client.call(name, ...parameters))}`);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    console.log(`${text} failed: ${error.message} (code ${error.code})`);
    if (procedure !== undefined) process.exitCode = 1;
  }
}
calculator.kill();

/** A number if the word looks like one, otherwise the word itself; the procedure decides what it means. */
function asParameter(word: string): Json {
  return word.trim() !== '' && Number.isFinite(Number(word)) ? Number(word) : word;
}
