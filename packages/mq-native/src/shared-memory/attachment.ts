import type { Mapping } from './mapping.js';
import { makeView, type ViewOptions, type ViewType } from './view-type.js';

/** Options for attaching. */
export interface AttachOptions {
  /** SHM_RDONLY: needs read permission only, and the memory can't be written through it. */
  readonly readOnly?: boolean | undefined;
}

/**
 * A segment in the memory of this process, for reading and writing. It stays until `detach`, until it and all its views
 * are garbage collected, or until the thread or the process ends. A segment can be attached many times; all attachments
 * show the same bytes.
 *
 * The ArrayBuffer can't be transferred to a worker, and posting it copies it: a worker attaches by the segment's id.
 * Other programs may change the bytes while you read them: see Lock, and Atomics for single integers.
 */
export class Attachment implements Disposable {
  readonly #mapping: Mapping;

  /** For SharedMemory.attach. */
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
   * A typed array, Buffer-like Uint8Array or DataView on the segment's own memory, in the machine's byte order.
   * @throws IpcError ECANCELED after detach; RangeError for a part outside of the segment
   */
  view<View>(type: ViewType<View>, options: ViewOptions = {}): View {
    return makeView(this.#mapping.buffer, type, options);
  }

  /**
   * Detaches the segment; the ArrayBuffer and all its views become unusable (length 0). A pending operation of Node.js
   * that still uses them goes on with blank memory. A second call does nothing.
   * @throws IpcError ENOMEM if there is no room for that memory: the segment is still attached
   */
  detach(): void {
    this.#mapping.detach();
  }

  [Symbol.dispose](): void {
    this.detach();
  }
}
