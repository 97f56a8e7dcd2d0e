/** The typed arrays of integers of which Atomics can load an element. */
type Loadable = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;
type LoadableBig = BigInt64Array | BigUint64Array;

/** The part of a typed array that a read-only view needs. */
export interface ElementArray<Element> {
  readonly length: number;
  readonly [index: number]: Element;
  at(index: number): Element | undefined;
  slice(start?: number, end?: number): this;
  values(): IterableIterator<Element>;
}

/**
 * The elements of a read-only attachment. It has no way to write, because a store into read-only memory ends the
 * process (SIGSEGV) and no typed array can be made to throw instead: the typed array inside is private. Each read shows
 * the current bytes; after detach it throws a TypeError.
 */
export class ReadOnlyView<Element, Copy extends ElementArray<Element>> implements Iterable<Element> {
  readonly #elements: Copy;

  /** For ReadOnlyAttachment.view. */
  constructor(elements: Copy) {
    this.#elements = elements;
    // So `view[0] = 1` throws, instead of leaving a property that looks like an element.
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
   * Atomics.load of an integer: never torn and never cached, as a loop that waits for a change needs it.
   * @throws TypeError for floating point; RangeError for an index out of range
   */
  load(index: number): Element {
    return Atomics.load(this.#elements as unknown as Loadable & LoadableBig, index) as Element;
  }

  /** A copy of a part, in a typed array of its own. */
  slice(start?: number, end?: number): Copy {
    return this.#elements.slice(start, end);
  }

  [Symbol.iterator](): IterableIterator<Element> {
    return this.#elements.values();
  }
}
