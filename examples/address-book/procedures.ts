import { errorCodes, RpcError, type Json, type Procedure } from '../rpc/json-rpc.js';
import type { Book } from './book.js';
import { problemOfName, problemOfPhone } from './entry.js';

/** What clients may call: add(name, phone), remove(name), find(text). The server checks, since any program can be a client. */
export function bookProcedures(book: Book): Map<string, Procedure> {
  return new Map<string, Procedure>([
    [
      'add',
      (name, phone) => {
        const entry = { name: checked(name, problemOfName), phone: checked(phone, problemOfPhone) };
        if (!book.add(entry)) throw new RpcError(errorCodes.procedure, `${entry.name} has an entry already.`);
        return null;
      },
    ],
    [
      'remove',
      (name) => {
        const wanted = checked(name, problemOfName);
        if (!book.remove(wanted)) throw new RpcError(errorCodes.procedure, `${wanted} has no entry.`);
        return null;
      },
    ],
    ['find', (text) => book.find(checked(text, () => undefined))],
  ]);
}

function checked(value: Json | undefined, problemOf: (text: string) => string | undefined): string {
  if (typeof value !== 'string') throw new RpcError(errorCodes.invalidParameters, 'A text is wanted.');
  const problem = problemOf(value);
  if (problem !== undefined) throw new RpcError(errorCodes.invalidParameters, problem);
  return value;
}
