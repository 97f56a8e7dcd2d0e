/** The words of JSON-RPC 2.0 (https://www.jsonrpc.org/specification), whatever carries them. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A procedure that can be called. Its parameters come from outside: it checks them, and throws an RpcError. */
export type Procedure = (...parameters: readonly Json[]) => Json;

export const errorCodes = {
  parse: -32700,
  invalidRequest: -32600,
  unknownMethod: -32601,
  invalidParameters: -32602,
  internal: -32603,
  /** First of the codes that are the application's own: the procedure itself failed. */
  procedure: -32000,
} as const;

/** An error that a procedure throws in one process and its caller catches in another. */
export class RpcError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Id = string | number | null;

export interface Response {
  readonly jsonrpc: '2.0';
  readonly id: Id;
  readonly result?: Json;
  readonly error?: { readonly code: number; readonly message: string };
}

/** @returns the response to a request as text, or undefined if none is due: to notifications */
export function answer(text: string, procedures: ReadonlyMap<string, Procedure>): string | undefined {
  let request: Json;
  try {
    request = JSON.parse(text) as Json;
  } catch {
    return JSON.stringify(failure(null, errorCodes.parse, 'the request is not JSON'));
  }
  if (!isArray(request)) {
    const response = answerOne(request, procedures);
    return response === undefined ? undefined : JSON.stringify(response);
  }
  if (request.length === 0) return JSON.stringify(invalid('the batch is empty'));
  const responses = request.map((each) => answerOne(each, procedures)).filter((each) => each !== undefined);
  return responses.length === 0 ? undefined : JSON.stringify(responses);
}

function answerOne(request: Json, procedures: ReadonlyMap<string, Procedure>): Response | undefined {
  if (request === null || typeof request !== 'object' || isArray(request))
    return invalid('it is not an object');
  const { jsonrpc, method, params = [], id } = request;
  if (jsonrpc !== '2.0') return invalid('"jsonrpc" is not "2.0"');
  if (typeof method !== 'string') return invalid('"method" is not a string');
  if (params === null || typeof params !== 'object')
    return invalid('"params" is neither an array nor an object');
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') {
    return invalid('"id" is neither a string nor a number');
  }
  const response = call(method, params, id ?? null, procedures);
  return id === undefined ? undefined : response;
}

function call(
  method: string,
  parameters: readonly Json[] | { readonly [name: string]: Json },
  id: Id,
  procedures: ReadonlyMap<string, Procedure>,
): Response {
  const procedure = procedures.get(method);
  if (procedure === undefined)
    return failure(id, errorCodes.unknownMethod, `there is no procedure "${method}"`);
  if (!isArray(parameters))
    return failure(id, errorCodes.invalidParameters, 'parameters go by position here');
  try {
    return { jsonrpc: '2.0', id, result: procedure(...parameters) };
  } catch (error) {
    if (error instanceof RpcError) return failure(id, error.code, error.message);
    // The details are for this side's log; the caller only learns that there was an internal error.
    console.error(error);
    return failure(id, errorCodes.internal, `"${method}" failed unexpectedly`);
  }
}

function failure(id: Id, code: number, message: string): Response {
  return { jsonrpc: '2.0', id, error: { code, message } };
}

function invalid(why: string): Response {
  return failure(null, errorCodes.invalidRequest, `not a JSON-RPC 2.0 request: ${why}`);
}

/** Array.isArray forgets that the array may be read-only. */
function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
