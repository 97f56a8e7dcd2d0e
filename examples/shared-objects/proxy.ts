import type { Json } from '../rpc/json-rpc.js';
import type { RpcClient } from '../rpc/rpc-client.js';
import { listMethods, mapMethods, type SharedList, type SharedMap } from './objects.js';

/** The same methods, each of which now takes a message and its reply. */
type Remote<T> = {
  [M in keyof T]: T[M] extends (...parameters: infer P) => infer R ? (...parameters: P) => Promise<R> : never;
};

/** A stand-in for the map of that name that the manager holds. The manager makes it when it is first used. */
export function sharedMap(manager: RpcClient, name: string): Remote<SharedMap> {
  return standIn<SharedMap>(manager, 'map', name, mapMethods);
}

/** A stand-in for the list of that name. */
export function sharedList(manager: RpcClient, name: string): Remote<SharedList> {
  return standIn<SharedList>(manager, 'list', name, listMethods);
}

function standIn<T>(
  manager: RpcClient,
  kind: string,
  name: string,
  methods: readonly (keyof T & string)[],
): Remote<T> {
  const calls = methods.map((method) => [
    method,
    (...parameters: Json[]) => manager.call(`${kind}.${method}`, name, ...parameters),
  ]);
  return Object.fromEntries(calls) as Remote<T>;
}
