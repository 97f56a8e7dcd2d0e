/**
 * address-book: a client with the classic menu: add, remove, find, quit
 * Mechanism: remote procedure call over message queues, and a database
 * Start: npm run example address-book client, as often as you like, after the server
 */
import { prepareProgram } from '../parts/program.js';
import { Terminal } from '../parts/terminal.js';
import { RpcError } from '../rpc/json-rpc.js';
import { RpcClient } from '../rpc/rpc-client.js';
import { problemOfName, problemOfPhone, type Found } from './entry.js';
import { bookPath } from './path.js';

prepareProgram();
using server = new RpcClient(bookPath(process.argv[2]));
using terminal = new Terminal();

/** Asks until the answer is valid. @returns undefined at the end of the input */
async function askFor(
  question: string,
  problemOf: (text: string) => string | undefined,
): Promise<string | undefined> {
  for (;;) {
    const answer = await terminal.ask(question);
    const problem = answer === undefined ? undefined : problemOf(answer);
    if (problem === undefined) return answer;
    console.log(problem);
  }
}

async function add(): Promise<void> {
  const name = await askFor('Name: ', problemOfName);
  const phone = name === undefined ? undefined : await askFor('Phone: ', problemOfPhone);
  if (name === undefined || phone === undefined) return;
  await server.call('add', name, phone);
  console.log(`${name} is in the book.`);
}

async function remove(): Promise<void> {
  const name = await askFor('Name: ', problemOfName);
  if (name === undefined) return;
  await server.call('remove', name);
  console.log(`${name} is removed.`);
}

async function find(): Promise<void> {
  const text = await terminal.ask('Name, or a part of it: ');
  if (text === undefined) return;
  const { entries, count } = (await server.call('find', text)) as Found;
  for (const { name, phone } of entries) console.log(`  ${name}: ${phone}`);
  if (count === 0) console.log('No entry is found.');
  if (count > entries.length) console.log(`  and ${count - entries.length} more`);
}

const menu = new Map([
  ['add', add],
  ['remove', remove],
  ['find', find],
]);

for (;;) {
  const choice = (await terminal.ask('add, remove, find or quit? '))?.toLowerCase();
  if (choice === undefined || choice === 'quit') break;
  const action = menu.get(choice);
  try {
    if (action === undefined) console.log(`"${choice}" is not on the menu.`);
    else await action();
  } catch (error) {
    // The server refused the call and says why; any other error ends the client.
    if (!(error instanceof RpcError)) throw error;
    console.log(error.message);
  }
}
