import type { Json } from '../rpc/json-rpc.js';

/** The calls on a shared map. Each call is one step: no other call comes in between. */
export interface SharedMap {
  get(key: string): Json;
  set(key: string, value: Json): null;
  delete(key: string): boolean;
  entries(): [string, Json][];
  /** Adds to a number in one step, which `get` and `set` together are not. @returns the sum */
  add(key: string, amount: number): number;
}

/** What can be done with a shared list. */
export interface SharedList {
  push(value: Json): number;
  at(index: number): Json;
  remove(index: number): Json;
  all(): Json[];
}

/** The methods that may be called from outside. Whatever else an object has, no message reaches it. */
export const mapMethods = ['get', 'set', 'delete', 'entries', 'add'] as const satisfies (keyof SharedMap)[];
export const listMethods = ['push', 'at', 'remove', 'all'] as const satisfies (keyof SharedList)[];
