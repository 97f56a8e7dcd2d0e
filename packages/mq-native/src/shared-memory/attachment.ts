import type { Mapping } from './mapping.js';
import { makeView, type ViewOptions, type ViewType } from './view-type.js';

/** How to attach. */
export interface AttachOptions {
  /** SHM_RDONLY: needs the permission to read only, and nothing can write through it. */
  readonly readOnly?: boolean | undefined;
}

/**
 * A segment in the memory of this process, for reading and writing. It stays until `detach`, or until it and all views of
 * it were garbage collected, or until the thread or the process ends. The same segment can be attached many times; all
 * show the same bytes.
 *
 * The ArrayBuffer can't be transferred to a worker, and to post it copies it: a worker attaches by the segment's id.
 * Nothing keeps others from changing the bytes while they are read: see Lock, and Atomics for single integers.
 */
export class Attachment implements Disposable {
  readonly #mapping: Mapping;

  /** SharedMemory.attach makes them. */
  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  /**
   * The segment's own memory, not a copy. Its `byteLength` is the size of the segment; 0 after detach.
   * @throws IpcError ECANCELED after detach
   */
  get buffer(): ArrayBuffer {
    return this.#mapping.buffer;
  }

  get attached(): boolean {
    return this.#mapping.attached;
  }

  /**
   * A typed array, Buffer-like Uint8Array or DataView on the segment's own memory, in the byte order of the machine.
   * @throws IpcError ECANCELED after detach; RangeError for a part that the segment has not
   */
  view<View>(type: ViewType<View>, options: ViewOptions = {}): View {
    return makeView(this.#mapping.buffer, type, options);
  }

  /**
   * Detaches the segment and makes the ArrayBuffer and all views of it unusable (length 0). An operation of
   * Node.js that still uses them goes on with blank memory. Once is enough.
   * @throws IpcError ENOMEM where there is no room for that memory: the segment is still attached
   */
  detach(): void {
    this.#mapping.detach();
  }

  [Symbol.dispose](): void {
    this.detach();
  }
}
