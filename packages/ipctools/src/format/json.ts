import type { Output } from '../terminal/output.js';

/** An object on its way to JSON; its fields keep the order in which they were set. */
export type JsonObject = Record<string, unknown>;

/** As JSON text; a bigint (a type or a limit beyond 2^53) becomes a string, because JSON readers would round it. */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(
    value,
    (_name, part: unknown) => (typeof part === 'bigint' ? String(part) : part),
    indent,
  );
}

/** A number where it is exact, otherwise the string of its digits. */
export function exactNumber(value: number | bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** Writes `{"name":[...],"other":[...]}` as it comes, one element per line: easy on memory, diff and grep. */
export class JsonLists {
  readonly #output: Output;
  #fields = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  async list(name: string, elements: Iterable<unknown> | AsyncIterable<unknown>): Promise<void> {
    await this.#output.write(`${this.#open()}${JSON.stringify(name)}:[`);
    let separator = '\n';
    for await (const element of elements) {
      const full = this.#output.write(separator + toJson(element));
      if (full) await full;
      separator = ',\n';
    }
    await this.#output.write(separator === '\n' ? ']' : '\n]');
  }

  async field(name: string, value: unknown): Promise<void> {
    await this.#output.write(`${this.#open()}${JSON.stringify(name)}:${toJson(value)}`);
  }

  async end(): Promise<void> {
    await this.#output.write(this.#fields === 0 ? '{}\n' : '}\n');
    await this.#output.flush();
  }

  #open(): string {
    this.#fields += 1;
    return this.#fields === 1 ? '{' : ',';
  }
}
