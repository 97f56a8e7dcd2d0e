/** The child of `rpc`: the process in which the procedures are. It serves the path on its command line. */
import { endWithParent, sayReady } from '../parts/child.js';
import { prepareProgram } from '../parts/program.js';
import { errorCodes, RpcError, type Json, type Procedure } from './json-rpc.js';
import { RpcServer } from './rpc-server.js';

prepareProgram();
endWithParent();

const procedures = new Map<string, Procedure>([
  [
    'add',
    (...parameters) => {
      const [a, b] = twoNumbers(parameters);
      return a + b;
    },
  ],
  [
    'divide',
    (...parameters) => {
      const [a, b] = twoNumbers(parameters);
      if (b === 0) throw new RpcError(errorCodes.procedure, 'division by zero');
      return a / b;
    },
  ],
]);

function twoNumbers(parameters: readonly Json[]): [number, number] {
  const [a, b] = parameters;
  if (parameters.length !== 2 || typeof a !== 'number' || typeof b !== 'number') {
    throw new RpcError(errorCodes.invalidParameters, 'two numbers are wanted');
  }
  return [a, b];
}

const server = RpcServer.open(process.argv[2] ?? '');
sayReady();
await server.run(procedures);
