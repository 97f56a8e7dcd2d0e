import { jsonText } from '../text/escape.js';
import type { Output } from './output.js';

/** Writes `{"name":[...],"other":[...]}` as it comes, one element per line: easy on memory, diff and grep. */
export class JsonLists {
  readonly #output: Output;
  #fields = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** @param elements JSON texts */
  async list(name: string, elements: Iterable<string>): Promise<void> {
    await this.#output.write(`${this.#open()}${JSON.stringify(name)}:[`);
    let separator = '\n';
    for (const element of elements) {
      const full = this.#output.write(separator + element);
      if (full) await full;
      separator = ',\n';
    }
    await this.#output.write(separator === '\n' ? ']' : '\n]');
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

/** Writes a single list, and makes each element's text when it is its turn. */
export async function writeJsonList(
  output: Output,
  name: string,
  elements: Iterable<unknown>,
): Promise<void> {
  const lists = new JsonLists(output);
  await lists.list(name, textsOf(elements));
  await lists.end();
}

function* textsOf(elements: Iterable<unknown>): Generator<string> {
  for (const element of elements) yield jsonText(element);
}
