import { errorCodes, RpcError, type Json, type Procedure } from '../rpc/json-rpc.js';
import { listMethods, mapMethods, type SharedList, type SharedMap } from './objects.js';

/** A map as the manager holds it. What callers send is checked here: types do not travel. */
class HeldMap implements SharedMap {
  readonly #map = new Map<string, Json>();

  get(key: string): Json {
    return this.#map.get(checkString('key', key)) ?? null;
  }

  set(key: string, value: Json): null {
    this.#map.set(checkString('key', key), value);
    return null;
  }

  delete(key: string): boolean {
    return this.#map.delete(checkString('key', key));
  }

  entries(): [string, Json][] {
    return [...this.#map];
  }

  add(key: string, amount: number): number {
    const before = this.get(key) ?? 0;
    if (typeof before !== 'number') throw wrong(`"${key}" is not a number`);
    const sum = before + checkNumber('amount', amount);
    this.#map.set(key, sum);
    return sum;
  }
}

class HeldList implements SharedList {
  readonly #list: Json[] = [];

  push(value: Json): number {
    return this.#list.push(value);
  }

  at(index: number): Json {
    return this.#list.at(checkNumber('index', index)) ?? null;
  }

  remove(index: number): Json {
    if (!(checkNumber('index', index) in this.#list)) throw wrong(`there is nothing at ${index}`);
    return this.#list.splice(index, 1)[0] ?? null;
  }

  all(): Json[] {
    return this.#list;
  }
}

/** The procedures `map.get`, `list.push` and so on; the first parameter of each is the object's name. */
export function heldObjects(): Map<string, Procedure> {
  return new Map([
    ...proceduresFor('map', () => new HeldMap(), mapMethods),
    ...proceduresFor('list', () => new HeldList(), listMethods),
  ]);
}

function proceduresFor<M extends string>(
  kind: string,
  make: () => Record<M, (...parameters: never[]) => Json>,
  methods: readonly M[],
): [string, Procedure][] {
  const objects = new Map<string, ReturnType<typeof make>>();
  return methods.map((method) => [
    `${kind}.${method}`,
    (name, ...parameters) => {
      const known = objects.get(checkString('name', name));
      const object = known ?? make();
      if (known === undefined) objects.set(checkString('name', name), object);
      return object[method](...(parameters as never[]));
    },
  ]);
}

function checkString(what: string, value: Json | undefined): string {
  if (typeof value !== 'string') throw wrong(`the ${what} is not a string`);
  return value;
}

function checkNumber(what: string, value: Json | undefined): number {
  if (typeof value !== 'number') throw wrong(`the ${what} is not a number`);
  return value;
}

function wrong(message: string): RpcError {
  return new RpcError(errorCodes.invalidParameters, message);
}
