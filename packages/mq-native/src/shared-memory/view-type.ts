import { checkInteger, rangeError, typeError } from '../errors/argument-error.js';

/** A class of views on memory: `Float64Array` and the other typed arrays, or `DataView`. */
export interface ViewType<View> {
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): View;
  /** DataView has none. */
  readonly BYTES_PER_ELEMENT?: number;
  readonly name: string;
}

/** A part of a segment. */
export interface ViewOptions {
  /** Its start, in bytes, a multiple of the size of an element; 0 if not given. */
  readonly offset?: number | undefined;
  /** Number of elements (DataView: bytes); up to the end if not given. */
  readonly length?: number | undefined;
}

/** Node.js 24 has it. */
const { Float16Array } = globalThis as { readonly Float16Array?: ViewType<unknown> };

/** JavaScript's own classes of typed arrays, by name. */
const builtIn = new Map<string, ViewType<unknown>>(
  [
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    ...(Float16Array === undefined ? [] : [Float16Array]),
  ].map((type) => [type.name, type]),
);

/**
 * This realm's class for one of JavaScript's typed array classes of any realm. Not for a subclass: its code would get
 * hold of the array.
 */
export function builtInType<View>(type: ViewType<View>): ViewType<View> {
  const own = typeof type === 'function' ? builtIn.get(type.name) : undefined;
  if (own === undefined || !isNative(type)) {
    throw typeError('type', 'a typed array class of JavaScript itself, such as Float64Array', type);
  }
  return own as ViewType<View>;
}

function isNative(type: unknown): boolean {
  return Function.prototype.toString.call(type).endsWith('{ [native code] }');
}

/** A view on a part of an ArrayBuffer; unlike its constructor it ignores odd bytes at the end. */
export function makeView<View>(buffer: ArrayBuffer, type: ViewType<View>, options: ViewOptions): View {
  if (typeof type !== 'function') throw typeError('type', 'a typed array class such as Float64Array', type);
  const size = type.BYTES_PER_ELEMENT ?? 1;
  const offset = checkInteger('offset', options.offset ?? 0, 0, buffer.byteLength);
  if (offset % size !== 0) throw rangeError('offset', `a multiple of ${size} for a ${type.name}`, offset);
  const room = Math.floor((buffer.byteLength - offset) / size);
  return new type(buffer, offset, checkInteger('length', options.length ?? room, 0, room));
}
