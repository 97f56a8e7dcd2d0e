/** The typed arrays of integers of which Atomics can load an element. */
type Loadable = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;
type LoadableBig = BigInt64Array | BigUint64Array;

/** What a read-only view needs of a typed array. */
export interface ElementArray<Element> {
  readonly length: number;
  readonly [index: number]: Element;
  at(index: number): Element | undefined;
  slice(start?: number, end?: number): this;
  values(): IterableIterator<Element>;
}

/**
 * The elements of a read-only attachment. There is nothing on it to write with, because a store into memory that may only
 * be read ends the process (SIGSEGV), and no typed array can be made to throw instead: the typed array inside is out of
 * reach. Reading shows what others write at that moment; after detach it throws a TypeError.
 */
export class ReadOnlyView<Element, Copy extends ElementArray<Element>> implements Iterable<Element> {
  readonly #elements: Copy;

  /** ReadOnlyAttachment.view makes them. */
  constructor(elements: Copy) {
    this.#elements = elements;
    // So that `view[0] = 1` throws, instead of leaving a property behind that looks like an element.
    Object.freeze(this);
  }

  /** How many elements; 0 after detach. */
  get length(): number {
    return this.#elements.length;
  }

  /** An element; a negative index counts from the end. */
  at(index: number): Element | undefined {
    return this.#elements.at(index);
  }

  /**
   * Atomics.load of an integer: never torn, and never kept from an earlier read, as a loop that waits for a change needs.
   * @throws TypeError for floating point; RangeError for an index that is not there
   */
  load(index: number): Element {
    return Atomics.load(this.#elements as unknown as Loadable & LoadableBig, index) as Element;
  }

  /** A copy of a part, a typed array of the reader's own. */
  slice(start?: number, end?: number): Copy {
    return this.#elements.slice(start, end);
  }

  [Symbol.iterator](): IterableIterator<Element> {
    return this.#elements.values();
  }
}
